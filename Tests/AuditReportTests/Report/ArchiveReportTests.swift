import ArchiveTestSupport
@testable import AuditArchive
@testable import AuditReport
import CivilTime
import Foundation
import JSONText
import Testing

@Suite("A report")
struct ArchiveReportTests {
    private static func report(
        _ archive: SampleArchive, parallelism: Int = 2, _ change: (inout ArchiveReport.Settings) -> Void = { _ in }
    ) async throws -> String {
        var settings = ArchiveReport.Settings()
        change(&settings)
        let report = ArchiveReport(archive.layout, fileSystem: archive.fileSystem, parallelism: parallelism)
        guard case .report(let result) = try await report.make(settings) else {
            Issue.record("the archive is damaged")
            return ""
        }
        return String(decoding: result.bytes, as: UTF8.self)
    }

    private static func hostile() async throws -> SampleArchive {
        let archive = SampleArchive()
        try await archive.commit(SampleEvent.hostile(SampleArchive.start.day.advanced(by: 3)))
        return archive
    }

    /// All tags and texts of a page, by a plain reading of `<`.
    private static func tags(_ page: String) -> [Substring] {
        page.split(separator: "<").map { $0.prefix { $0 != ">" } }
    }

    @Test("has the policy first, which allows its one style sheet and nothing else")
    func policy() async throws {
        let page = try await Self.report(try await Self.hostile())
        let head =
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta http-equiv=\"Content-Security-Policy\" "
            + "content=\"default-src 'none'; style-src 'sha256-"
        #expect(page.hasPrefix(head))
        let sheet = try #require(page.firstMatch(of: /<style>([^<]*)<\/style>/)).1
        let sum = try #require(page.firstMatch(of: /'sha256-([^']*)'/)).1
        #expect(Data(Base64Text.decoded(String(sum)) ?? []) == Data(try await SHA256Sum.of(String(sheet))))
        for tag in Self.tags(page) {
            let name = tag.prefix { !$0.isWhitespace }.lowercased()
            #expect(Self.known.contains(String(name)), "\(tag.prefix(80))")
            #expect(!tag.contains(/\s(on\w+|src|href|style|srcset|action)=/), "\(tag.prefix(80))")
        }
        #expect(!page.contains("@import") && page.matches(of: /url\(([^)]*)\)/).allSatisfy { $0.1.hasPrefix("#") })
    }

    /// The names of the elements that the program writes.
    private static let known: Set<String> = [
        "!doctype", "html", "/html", "head", "/head", "meta", "title", "/title", "style", "/style", "body", "/body",
        "header",
        "/header", "main", "/main", "section", "/section", "h1", "/h1", "h2", "/h2", "p", "/p", "dl", "/dl", "dt",
        "/dt",
        "dd", "/dd", "div", "/div", "figure", "/figure", "figcaption", "/figcaption", "ul", "/ul", "li", "/li", "table",
        "/table", "caption", "/caption", "thead", "/thead", "tbody", "/tbody", "tr", "/tr", "th", "/th", "td", "/td",
        "bdi",
        "/bdi", "small", "/small", "time", "/time", "svg", "/svg", "defs", "/defs", "pattern", "/pattern", "path",
        "circle",
        "rect", "/rect", "text", "/text"
    ]

    @Test("shows hostile names as text, all of it visible")
    func hostileNames() async throws {
        let page = try await Self.report(try await Self.hostile())
        for name in SampleEvent.hostileNames where name.count < 80 && name != " " && name.contains("<") {
            #expect(page.contains(HTML.escaped(name)), "\(name)")
        }
        #expect(!page.unicodeScalars.contains { VisibleText.isHidden($0) && $0 != "\n" })
        #expect(page.contains("Of other dates, in no calendar and counted below: 1 event."))
    }

    @Test("has the same bytes for the same archive, however many cores")
    func reproducible() async throws {
        let archive = try await Self.hostile()
        let page = try await Self.report(archive, parallelism: 1)
        for parallelism in [1, 2, 5] { #expect(try await Self.report(archive, parallelism: parallelism) == page) }
    }

    @Test("says nothing that names somebody, where it is redacted")
    func redaction() async throws {
        let archive = SampleArchive()
        let events = (0..<20).map { number in
            var event = SampleEvent("\(number)", at: SampleArchive.start + .seconds(number))
            (event.user, event.loggedIn) = ("Secret User \(number % 3)", "Secret Admin")
            (event.object, event.ip, event.type) = ("Secret Plan", "198.51.100.\(number)", "delete")
            return event
        }
        try await archive.commit(events)
        let page = try await Self.report(archive) { $0.isRedacted = true }
        for text in ["Secret", "198.51.100", "example.com", "Acme", "org_1", "id of"] {
            #expect(!page.contains(text), "\(text)")
        }
        for text in ["Person 1", "Person 4", "Address 20", "column Object 1"] {
            #expect(page.contains(text), "\(text)")
        }
        let open = try await Self.report(archive)
        for text in ["Secret Admin", "198.51.100.7", "Secret Plan", "Acme Corp"] {
            #expect(open.contains(text), "\(text)")
        }
    }

    @Test("is of the range, and knows the addresses from before it")
    func range() async throws {
        let archive = SampleArchive()
        let days = (0..<20).map { number in
            var event = SampleEvent("\(number)", at: SampleArchive.start.day.advanced(by: number).start)
            event.ip = number == 15 ? "9.9.9.9" : "1.1.1.1"
            return event
        }
        try await archive.commit(days)
        let page = try await Self.report(archive) { settings in
            settings.from = SampleArchive.start.day.advanced(by: 10)
            settings.through = SampleArchive.start.day.advanced(by: 16)
        }
        #expect(page.contains("<dt>Events in this report</dt><dd>7</dd>"))
        #expect(page.contains("New in this range: 1 of 2 addresses."))
        #expect(page.contains("2025-02-11 to 2025-02-17"))
    }

    @Test("says who signed how much of the evidence, and which head is kept")
    func evidence() async throws {
        let archive = SampleArchive()
        var facts = SampleArchive.Facts()
        try await archive.commit([SampleEvent("a", at: SampleArchive.start)], facts)
        let unsigned = try await Self.report(archive)
        #expect(unsigned.contains("<dt>Signed</dt><dd>by no key; the evidence log has "))
        #expect(unsigned.contains("<dt>Last anchor</dt><dd>none is kept in the archive</dd>"))
        var random = SystemRandomNumberGenerator()
        let key = try #require(SigningKey(using: &random))
        let settings = EvidenceSettings(signer: key)
        _ = try await archive.open(facts.now, settings) { try await EvidenceSigning($0, settings).run(now: facts.now) }
        let anchors = EvidenceAnchors(archive.layout, fileSystem: archive.fileSystem)
        let head = try anchors.head()
        try anchors.keep(head, timeStamp: [1])
        let signed = try await Self.report(archive)
        #expect(
            signed.contains("<dd>\(head.entries) entries, all of them, by the key \(key.verifier.fingerprint)</dd>"))
        #expect(signed.contains("<dd>of \(head.entries) entries, of 2025-03-01 12:00:00 UTC, with a time stamp</dd>"))
        facts.now = facts.now + .seconds(60)
        try await archive.commit([SampleEvent("b", at: SampleArchive.start + .seconds(1))], facts)
        #expect(try await Self.report(archive).contains("entries, all but the newest 2, by the key "))
    }

    @Test("marks each kind of day, and says it in the table too")
    func marks() async throws {
        let archive = SampleArchive()
        let day = SampleArchive.start.day
        var facts = SampleArchive.Facts()
        facts.closesThrough = day.advanced(by: 20)
        facts.pending = RangeSet(day.advanced(by: 5).start..<day.advanced(by: 5).start + .seconds(60))
        facts.checks = [
            CheckedRun(
                from: day.advanced(by: 1), to: day.advanced(by: 2), checkedAt: facts.now, apiCount: 0, archiveCount: 0),
            CheckedRun(
                from: day.advanced(by: 3), to: day.advanced(by: 3), checkedAt: facts.now, apiCount: 3, archiveCount: 0,
                difference: 3)
        ]
        try await archive.commit([SampleEvent("a", at: day.start)], facts)
        let page = try await Self.report(archive)
        for (offset, mark, words) in [
            (1, "e", "0, proven empty"), (3, "x", "0, the API has more"), (5, "f", "0, to be fetched"),
            (25, "o", "0, open"),
            (0, "l1", "1")
        ] {
            let title = "<title>\(day.advanced(by: offset)): \(words)</title>"
            #expect(page.contains("class=\"\(mark)\">\(title)"), "\(title)")
        }
        let cells = ["1", "1", "2"].map { "<td class=\"n\">\($0)</td>" }.joined()
        #expect(page.contains("<time>2025-02</time></td>\(cells)"))
    }

    @Test("of three busy years is small")
    func size() async throws {
        let archive = SampleArchive()
        var events: [SampleEvent] = []
        for number in 0..<1096 * 4 {
            var event = SampleEvent(
                "\(number)", at: SampleArchive.start + .seconds(number * 21_600 + number % 7 * 3600))
            event.user = "Somebody With A Rather Long Name \(number % 97)"
            event.loggedIn = number % 3 == 0 ? "Administrator With A Long Name \(number % 61)" : nil
            event.object = "A Worksheet With A Long Name \(number % 89)"
            event.ip = "203.0.113.\(number % 251)"
            event.type = ["delete", "export", "approve", "update"][number % 4]
            events.append(event)
        }
        var facts = SampleArchive.Facts()
        facts.now = SampleArchive.start + .seconds(86_400 * 1098)
        facts.closesThrough = SampleArchive.start.day.advanced(by: 500)
        try await archive.commit(events, facts)
        let page = try await Self.report(archive)
        #expect(page.utf8.count <= 150_000, "\(page.utf8.count)")
    }

    @Test("is not made of a damaged archive")
    func damaged() async throws {
        let archive = try await Self.hostile()
        let file = try archive.manifest().files[0]
        try archive.fileSystem.remove(archive.layout.absolute(file.name.path))
        let report = ArchiveReport(archive.layout, fileSystem: archive.fileSystem, parallelism: 2)
        guard case .damaged(let verification) = try await report.make(.init()) else {
            Issue.record("there is a report")
            return
        }
        #expect(verification.faults.map(\.kind) == [.missingFile])
    }
}
