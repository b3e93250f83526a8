import ArchiveTestSupport
@testable import AuditArchive
@testable import AuditReport
import CivilTime
import Testing

@Suite("A feed of an archive whose files are made into others")
struct FeedTests {
    /// Commits of late events into the same days, generation by generation.
    private static func archive(_ archive: SampleArchive = SampleArchive()) async throws -> (SampleArchive, [[String]])
    {
        var facts = SampleArchive.Facts()
        var given: [[String]] = []
        for round in 0..<4 {
            let events = (0..<12).map { number in
                SampleEvent("\(round)-\(number)", at: SampleArchive.start + .seconds(number * 21_600 + round * 60))
            }
            try await archive.commit(events, facts)
            facts.now = facts.now + .seconds(60)
            given.append(events.map(\.id))
        }
        return (archive, given)
    }

    private static func ids(_ archive: SampleArchive, since generation: Int) async throws -> [String] {
        var query = EventQuery()
        query.sinceGeneration = generation
        let text = try await archive.search(query).text
        return text.split(separator: "\n").map { String($0.dropFirst(7).prefix { $0 != "\"" }) }.sorted()
    }

    private static let now = SampleEvent.time("2025-03-01T13:00:00Z")

    @Test("gives just what a consumer has not had, also where a compaction has merged both")
    func compacted() async throws {
        let (archive, given) = try await Self.archive()
        _ = try await archive.open(Self.now) { try await Compaction($0).run(now: { Self.now }) }
        #expect(try archive.manifest().files.allSatisfy { $0.name.generation == 5 })
        for generation in 0...6 {
            let wanted = given.dropFirst(generation).flatMap { $0 }.sorted()
            #expect(try await Self.ids(archive, since: generation) == wanted, "since \(generation)")
        }
    }

    @Test("gives nothing again because another event of its file was erased")
    func erased() async throws {
        let (archive, given) = try await Self.archive()
        try await StatementBench.erase("1-3", from: archive, at: Self.now)
        _ = try await archive.open(Self.now) { try await Compaction($0).run(now: { Self.now }) }
        try await StatementBench.erase("2-4", from: archive, at: Self.now)
        for generation in 0...8 {
            let wanted = given.dropFirst(generation).flatMap { $0 }.filter { $0 != "1-3" && $0 != "2-4" }.sorted()
            #expect(try await Self.ids(archive, since: generation) == wanted, "since \(generation)")
        }
    }

    @Test("gives a merged file again where there is no evidence that tells")
    func withoutEvidence() async throws {
        let (archive, given) = try await Self.archive()
        _ = try await archive.open(Self.now) { try await Compaction($0).run(now: { Self.now }) }
        try archive.fileSystem.dropEvidence(archive.layout)
        #expect(try await Self.ids(archive, since: 3) == given.flatMap { $0 }.sorted())
        #expect(try await Self.ids(archive, since: 5) == [])
    }

    @Test("gives what a rebuild takes in")
    func rebuilt() async throws {
        let (archive, given) = try await Self.archive()
        let day = SampleArchive.start.day
        let stray = SampleArchive()
        try await stray.commit([SampleEvent("stray", at: day.start + .seconds(5))])
        let bytes = try #require(
            try stray.fileSystem.contents(of: stray.layout.absolute(try stray.manifest().files[0].name.path)))
        // An older name than that of the newest commit, and one that no commit of this archive has used.
        let name = DataFileName(date: day, generation: 1, part: 7)
        try archive.fileSystem.createDurably(archive.layout.absolute(name.path), bytes)
        let report = try await ArchiveRebuild(
            archive.layout, writer: "test", fileSystem: archive.fileSystem, processID: 1
        ).run(now: Self.now, parallelism: 1)
        #expect(report.faults == [])
        #expect(try await Self.ids(archive, since: 4) == ["stray"])
        #expect(try await Self.ids(archive, since: 3) == (given[3] + ["stray"]).sorted())
    }
}
