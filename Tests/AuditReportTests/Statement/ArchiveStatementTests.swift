import ArchiveTestSupport
@testable import AuditArchive
@testable import AuditReport
import CivilTime
import JSONText
import SystemPackage
import Testing

@Suite("A statement about a period")
struct ArchiveStatementTests {
    private static func time(_ text: String) -> Timestamp { SampleEvent.time(text) }

    /// Begun on the first of February, before which nothing is wanted.
    private static func begun() async throws -> SampleArchive {
        let archive = SampleArchive()
        var facts = SampleArchive.Facts()
        (facts.now, facts.closesThrough) = (time("2025-02-01T00:00:00Z"), nil)
        try await archive.commit([], facts)
        return archive
    }

    /// An archive in which everything has happened that an auditor asks about.
    private static func eventful() async throws -> SampleArchive {
        let archive = try await begun()
        var facts = SampleArchive.Facts()
        (facts.now, facts.closesThrough) = (time("2025-02-05T12:00:00Z"), nil)
        try await archive.commit(
            [
                SampleEvent("pruned", "2025-02-01T05:00:00Z"), SampleEvent("late", "2025-02-02T10:00:00Z"),
                SampleEvent("changed", "2025-02-05T10:00:00Z"), SampleEvent("moved", "2025-02-05T11:00:00Z"),
                SampleEvent("erased", "2025-02-05T11:30:00Z")
            ], facts)
        (facts.now, facts.closesThrough) = (time("2025-02-20T00:00:00Z"), StatementBench.day("2025-02-18"))
        var (changed, moved) = (
            SampleEvent("changed", "2025-02-05T10:00:00Z"), SampleEvent("moved", "2025-02-05T09:00:00Z")
        )
        (changed.type, moved.ip) = ("other", "192.0.2.1")
        let elsewhere = SampleEvent("elsewhere", "2025-02-04T09:00:00Z")
        facts.changed = [changed.line, moved.line, elsewhere.line]
        facts.refused = [#"{"created_at":"2025-02-05T08:00:00Z","n":1}"#, #"{"created_at":"2025-01-05T08:00:00Z"}"#]
        facts.checks = [
            StatementBench.check("2025-02-01", "2025-02-01", 1, hour: 1),
            StatementBench.check("2025-02-02", "2025-02-05", 4),
            CheckedRun(
                from: StatementBench.day("2025-02-06"), to: StatementBench.day("2025-02-06"), checkedAt: facts.now,
                apiCount: 0, archiveCount: 1, goneAtVendor: 1),
            StatementBench.check("2025-02-07", "2025-02-18", 0)
        ]
        facts.pending = RangeSet(time("2025-02-08T00:00:00Z")..<time("2025-02-08T01:00:00Z"))
        try await archive.commit([SampleEvent("gone", "2025-02-06T01:00:00Z")], facts)
        try await StatementBench.erase("erased", from: archive, at: facts.now)
        let dates = HeldDates(
            from: StatementBench.day("2025-02-02"), to: StatementBench.day("2025-02-03"), reason: "asked for",
            name: "case 12")
        _ = try await archive.open(facts.now) { try await EvidenceHolds($0).hold(dates, now: facts.now) }
        _ = try await archive.open(facts.now) { try await Pruning(keeping: 18).run($0, now: facts.now) }
        return archive
    }

    @Test("names every kind of exception, and calls complete only what is proven")
    func exceptions() async throws {
        let bench = StatementBench(try await Self.eventful())
        let (all, lines) = try await bench.statement("2025-02-01", "2025-02-20")
        #expect(lines.count == 4)
        #expect(all.conclusion == .notProven)
        #expect(Set(all.reasons.map(\.kind)) == ["open", "pending", "pruned"], "\(all.reasons)")
        let found = all.exceptions
        #expect(found.late.events == 2 && found.late.ids == ["gone", "late"], "\(found.late)")
        #expect(found.late.longest == .seconds(13 * 86_400 + 23 * 3600) && found.late.unknown == 0)
        #expect(found.changed.events == 2 && found.changed.moved == 1 && found.changed.movedIn == 1, "\(found.changed)")
        #expect(found.gone.map(\.events) == [1] && found.gone.allSatisfy(\.isAccepted))
        #expect(found.quarantined == [.init(reason: "no string id", records: 1)])
        #expect(found.pruned.map(\.records) == [1] && found.held.map(\.name) == ["case 12"])
        #expect(found.erased.map(\.events) == [1] && found.pending.count == 1)
        let text = StatementText(all).text
        for word in [
            "NOT PROVEN", "Late: 2 events", "Changed by the vendor", "Moved: 1 of them", "Moved by the vendor",
            "Gone at the vendor", "Quarantined", "Pruned ", "Erased ", "Held: ", "Pending: ", "removed by prune",
            "open: events may still arrive"
        ] { #expect(text.contains(word), "\(word)") }
        // What a person wrote as a reason controls no terminal.
        #expect(!text.unicodeScalars.contains { VisibleText.isHidden($0) && $0 != "\n" })

        let (part, _) = try await bench.statement("2025-02-02", "2025-02-07")
        #expect(part.conclusion == .completeButErased && part.reasons.isEmpty, "\(part.reasons)")
        #expect(part.days.allSatisfy { $0.isProven })
        #expect(part.days.map(\.events) == [1, 0, 0, 2, 1, 0])
        #expect(StatementText(part).text.contains("COMPLETE BUT FOR 1 EVENT ERASED ON RECORD"))
    }

    @Test("says of each state of a day whether it is proven")
    func conclusions() async throws {
        let archive = try await Self.begun()
        var facts = SampleArchive.Facts()
        (facts.now, facts.closesThrough) = (Self.time("2025-02-20T00:00:00Z"), StatementBench.day("2025-02-18"))
        facts.checks = [StatementBench.check("2025-02-02", "2025-02-04", 1)]
        try await archive.commit(
            [SampleEvent("a", "2025-02-03T00:00:00Z"), SampleEvent("b", "2025-02-10T00:00:00Z")], facts)
        let bench = StatementBench(archive)
        func kinds(_ from: String, _ to: String, checks: [CheckedRun]? = nil) async throws -> [String] {
            let (statement, _) = try await bench.statement(from, to) { $0.checks = checks }
            #expect((statement.conclusion == .complete) == statement.reasons.isEmpty)
            return statement.reasons.map(\.kind)
        }
        #expect(try await kinds("2025-02-02", "2025-02-04") == [])
        #expect(try await kinds("2025-02-02", "2025-02-05") == ["unchecked"])
        #expect(try await kinds("2025-01-31", "2025-02-02") == ["before", "unchecked"])
        #expect(try await kinds("2025-02-20", "2025-02-28") == ["unseen", "open"])
        #expect(try await kinds("2024-01-01", "2024-01-02") == ["before"])
        let asked = [StatementBench.check("2025-02-10", "2025-02-10", 1)]
        #expect(try await kinds("2025-02-10", "2025-02-10") == ["unchecked"])
        #expect(try await kinds("2025-02-10", "2025-02-10", checks: asked) == [])
        // The day has changed since, or the two differ.
        let other = [StatementBench.check("2025-02-10", "2025-02-10", 2)]
        #expect(try await kinds("2025-02-10", "2025-02-10", checks: other) == ["unchecked"])
        let differing = [StatementBench.check("2025-02-03", "2025-02-03", 1, api: 2)]
        #expect(try await kinds("2025-02-02", "2025-02-04", checks: differing) == ["differing"])
    }

    @Test("has the archived bytes in order, the same ones however the archive is cut into files")
    func population() async throws {
        let archive = try await Self.begun()
        var facts = SampleArchive.Facts()
        var events: [SampleEvent] = []
        for round in 0..<4 {
            let new = (0..<60).map { number in
                SampleEvent("\(round)-\(number)", at: SampleArchive.start + .seconds(number * 4_985 + round * 31))
            }
            facts.now = Self.time("2025-02-1\(round)T00:00:00Z")
            (facts.closesThrough, events) = (facts.now.day.advanced(by: -2), events + new)
            try await archive.commit(new, facts)
        }
        let bench = StatementBench(archive)
        let wanted = events.filter { $0.time.day <= StatementBench.day("2025-02-03") }
            .sorted { ($0.time, $0.id) < ($1.time, $1.id) }.map(\.line)
        var sums: Set<String> = []
        for parallelism in [1, 2, 5] {
            let (statement, lines) = try await bench.statement("2025-02-01", "2025-02-03", parallelism: parallelism)
            #expect(lines == wanted)
            sums.insert(statement.population.digest.sha256.hexadecimal)
        }
        _ = try await archive.open(facts.now) { [now = facts.now] in try await Compaction($0).run(now: { now }) }
        let (statement, lines) = try await bench.statement("2025-02-01", "2025-02-03")
        #expect(statement.files.count == 3 && lines == wanted)
        sums.insert(statement.population.digest.sha256.hexadecimal)
        #expect(sums.count == 1)
        // When each event came is known all the same.
        #expect(statement.exceptions.late.events == wanted.count && statement.exceptions.late.unknown == 0)
    }

    @Test("is of one manifest, whatever another command commits meanwhile", arguments: 0..<4)
    func beside(opens: Int) async throws {
        let archive = try await Self.begun()
        var facts = SampleArchive.Facts()
        for round in 0..<2 {
            try await archive.commit(
                (0..<20).map { SampleEvent("\(round)-\($0)", at: SampleArchive.start + .seconds($0 * 9_000 + round)) },
                facts)
            facts.now = facts.now + .seconds(60)
        }
        let later = SampleArchive(fileSystem: archive.fileSystem.copy())
        _ = try await later.open(facts.now) { [now = facts.now] in try await Compaction($0).run(now: { now }) }
        try await later.commit([SampleEvent("new", "2025-02-01T00:00:01.5Z")], facts)
        let path = archive.layout.absolute(try archive.manifest().files[1].name.path)
        let disk = ObservedFileSystem(archive.fileSystem, before: path, after: opens) {
            archive.fileSystem.become(later.fileSystem)
        }
        let bench = StatementBench(archive, fileSystem: disk)
        let (statement, lines) = try await bench.statement("2025-02-01", "2025-02-27")
        let isNewer = statement.state.generation == (try later.manifest().generation)
        // The file is opened three times: to verify, to count, to write.
        #expect(isNewer == (opens < 3))
        #expect(lines.count == (isNewer ? 41 : 40) && lines.count == statement.population.digest.records)
        #expect(statement.verification.generation == statement.state.generation)
        #expect(statement.days.reduce(0) { $0 + $1.events } == lines.count)
    }

    @Test("is not made of a damaged archive, nor of one that is not the key's")
    func damaged() async throws {
        let archive = try await Self.eventful()
        let bench = StatementBench(archive)
        var random = SystemRandomNumberGenerator()
        let key = try #require(SigningKey(using: &random))
        guard
            case .damaged(let unsigned) = try await bench.make(
                "2025-02-02", "2025-02-03", { $0.trust.publicKey = key.verifier })
        else {
            Issue.record("there is a statement")
            return
        }
        #expect(unsigned.faults.map(\.kind) == [.notSigned])
        try archive.fileSystem.remove(archive.layout.absolute(try archive.manifest().files[0].name.path))
        guard case .damaged(let verification) = try await bench.make("2025-02-02", "2025-02-03") else {
            Issue.record("there is a statement")
            return
        }
        #expect(verification.faults.contains { $0.kind == .missingFile })
    }
}
