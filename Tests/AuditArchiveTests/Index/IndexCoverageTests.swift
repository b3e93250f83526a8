import ArchiveTestSupport
import CivilTime
import SystemPackage
import Testing
@testable import AuditArchive

/// An index is used only where it speaks of just the archive's files.
@Suite struct IndexCoverageTests {
    /// A copy from before the last commits is put back, all but the private folder, and other events get the generations
    /// that the lost ones had.
    @Test func sameGenerationsWithOtherEventsAreNotTaken() async throws {
        var model = try IndexModel()
        try await commit([1, 2], &model)
        let copy = model.disk.copy()
        try await commit([3], &model)
        let lost = model
        model.disk = copy
        model.dates[IndexModel.key(3)] = nil
        try model.disk.keepIndex(of: lost.disk, model.layout)
        var session = try model.archive().open()
        #expect(await session.areArchived([IndexModel.key(3)]) == nil)
        #expect(await session.areArchived([IndexModel.key(1)]) == nil)
        await session.close()
        // A commit without a lookup, so that the index is not brought up to date.
        session = try model.archive().open()
        try await model.commit([IndexModel.event(4, on: "2025-02-02")], in: session)
        await session.close()
        try model.disk.keepIndex(of: lost.disk, model.layout)
        session = try model.archive().open()
        #expect(await session.manifest?.generation == 2)
        #expect(await session.areArchived([IndexModel.key(3)]) == nil)
        #expect(try await model.mistakes(of: session, among: 0..<6) == [])
        #expect(await session.areArchived([IndexModel.key(3)]) == false)
        await session.close()
    }

    /// Both the archive and its private folder are those of an older copy, but the newer segments are there as well.
    @Test func olderCopyWithItsOwnIndexIsSound() async throws {
        var model = try IndexModel()
        try await commit([1, 2], &model)
        var copy = model
        copy.disk = model.disk.copy()
        try await commit([3], &model)
        let session = try copy.archive().open()
        #expect(await session.areArchived([IndexModel.key(1), IndexModel.key(2)]) == true)
        #expect(try await copy.mistakes(of: session, among: 0..<6) == [])
        await session.close()
    }

    @Test func rebuildOfTheManifestKeepsTheIndexWhereItFoundTheSameFiles() async throws {
        var model = try IndexModel()
        try await commit([1, 2], &model)
        try await commit([3], &model)
        try model.disk.remove(model.layout.manifest)
        try await rebuild(model)
        var session = try model.archive().open()
        #expect(await session.areArchived([IndexModel.key(3)]) == true)
        await session.close()
        let file = try #require(try model.archive().manifest().files.last)
        try model.disk.remove(model.layout.absolute(file.name.path))
        try await rebuild(model)
        session = try model.archive().open()
        #expect(await session.areArchived([IndexModel.key(1)]) == nil)
        model.dates[IndexModel.key(3)] = nil
        #expect(try await model.mistakes(of: session, among: 0..<6) == [])
        await session.close()
    }

    @Test func lostIndexIsMadeAnewByALookupAlone() async throws {
        var model = try IndexModel()
        try await commit([1, 2], &model)
        try model.disk.remove(model.layout.hint("ids/head"))
        var session = try model.archive().open()
        #expect(await session.areArchived([IndexModel.key(1)]) == nil)
        #expect(await session.areArchived([IndexModel.key(1)]) == nil)
        #expect(try await session.dates(thatMayHold: []) == [])
        #expect(await session.areArchived([IndexModel.key(1)]) == nil)
        try await session.prepareIndex()
        #expect(await session.areArchived([IndexModel.key(1)]) == true)
        await session.close()
        session = try model.archive().open()
        #expect(await session.areArchived([IndexModel.key(1), IndexModel.key(9)]) == false)
        await session.close()
    }

    /// They were staged while there was no index, and one was made of the files before they were committed.
    @Test func eventsStagedBeforeTheIndexWasThereAreFoundAfterwards() async throws {
        var model = try IndexModel()
        try await commit([1, 2], &model)
        try model.disk.remove(model.layout.hint("ids/head"))
        var session = try model.archive().open()
        try await session.stage(EventBatch([IndexModel.event(3, on: "2025-02-03")], date: "2025-02-03"))
        #expect(try await session.dates(thatMayHold: [IndexModel.key(3), IndexModel.key(1)]) == ["2025-02-01"])
        try await session.stage(EventBatch([IndexModel.event(4, on: "2025-02-04")], date: "2025-02-04"))
        _ = try await session.commit(TestArchive.facts())
        model.dates[IndexModel.key(3)] = "2025-02-03"
        model.dates[IndexModel.key(4)] = "2025-02-04"
        #expect(try await model.mistakes(of: session, among: 0..<6) == [])
        await session.close()
        session = try model.archive().open()
        #expect(await session.areArchived([IndexModel.key(3)]) == true)
        #expect(try await model.mistakes(of: session, among: 0..<6) == [])
        await session.close()
    }

    @Test func damagedDataFileIsNoArchiveWithoutIts() async throws {
        var model = try IndexModel()
        try await commit([1, 2], &model)
        let file = try #require(try model.archive().manifest().files.first)
        try model.disk.remove(model.layout.absolute(file.name.path))
        try model.disk.createDurably(model.layout.absolute(file.name.path), [1, 2, 3])
        let session = try model.archive().open()
        #expect(await session.areArchived([IndexModel.key(1)]) == true)
        await session.close()
        try model.disk.remove(model.layout.hint("ids/head"))
        let other = try model.archive().open()
        await #expect(throws: ArchiveError.self) { try await other.dates(thatMayHold: [IndexModel.key(7)]) }
        #expect(await other.areArchived([IndexModel.key(7)]) == nil)
        await other.close()
        #expect(model.disk.openFiles == 0)
    }

    /// A compaction writes the same events to other files, and a prune takes whole dates away.
    @Test func rewriteThatIsToldOfKeepsTheIndex() throws {
        var model = try IndexModel()
        try model.disk.createDirectory(model.layout.root)
        try model.disk.createDirectory(model.layout.privateDirectory)
        var index = EventIndex(ArchiveDirectory(model.layout, model.disk), .tiny)
        let events = (0..<30).map { IndexModel.event($0, on: $0 < 20 ? "2025-02-01" : "2025-02-02") }
        model.dates = [:]
        index.stage(EventBatch(Array(events[..<20]), date: "2025-02-01"), beside: [])
        index.stage(EventBatch(Array(events[20...]), date: "2025-02-02"), beside: [])
        let small = [file("2025-02-01", 1, 0), file("2025-02-01", 1, 1), file("2025-02-02", 1, 0)]
        index.commit(small, added: 3)
        let compacted = [file("2025-02-01", 2, 0), file("2025-02-02", 1, 0)]
        index.recordRewrite(of: small, as: compacted)
        #expect(index.areArchived([IndexModel.key(3), IndexModel.key(25)], in: compacted) == true)
        index = EventIndex(ArchiveDirectory(model.layout, model.disk), .tiny)
        #expect(index.areArchived([IndexModel.key(3), IndexModel.key(25)], in: compacted) == true)
        let pruned = [file("2025-02-02", 1, 0)]
        index.recordRewrite(of: compacted, as: pruned)
        index = EventIndex(ArchiveDirectory(model.layout, model.disk), .tiny)
        #expect(index.areArchived([IndexModel.key(3)], in: pruned) == false)
        #expect(index.areArchived([IndexModel.key(25)], in: pruned) == true)
        #expect(try index.dates(thatMayHold: (0..<30).map(IndexModel.key), in: pruned) == ["2025-02-02"])
        // One that it was not told of.
        index = EventIndex(ArchiveDirectory(model.layout, model.disk), .tiny)
        #expect(index.areArchived([IndexModel.key(25)], in: [file("2025-02-02", 3, 0)]) == nil)
    }

    /// Merges leave nothing behind for long.
    @Test func nothingButTheIndexIsKept() async throws {
        var model = try IndexModel()
        var session = try model.archive().open()
        for start in stride(from: 0, to: 600, by: 12) {
            try await model.commit((start..<start + 12).map { IndexModel.event($0, on: "2025-02-01") }, in: session)
        }
        await session.close()
        try model.disk.createDurably(model.layout.hint("ids/0000000000000000.ids"), [0])
        try model.disk.createDurably(model.layout.hint("ids/head.new"), [0])
        session = try model.archive().open()
        #expect(try await model.mistakes(of: session, among: 0..<603) == [])
        await session.close()
        let bytes = model.disk.tree.filter { $0.key.contains("/ids/") }.values.reduce(0) { $0 + ($1?.count ?? 0) }
        #expect(bytes < 600 * 12)
    }

    private func file(_ date: CalendarDay, _ generation: Int, _ part: Int) -> DataFile {
        DataFile(
            name: DataFileName(date: date, generation: generation, part: part),
            digest: FileDigest(sha256: .repeating(0xaa), size: 1, uncompressedSize: 1, records: 10),
            firstEventTimestamp: date.start, lastEventTimestamp: date.start)
    }

    private func commit(_ numbers: [Int], _ model: inout IndexModel) async throws {
        let session = try model.archive().open()
        try await model.commit(numbers.map { IndexModel.event($0, on: "2025-02-01") }, in: session)
        await session.close()
    }

    private func rebuild(_ model: IndexModel) async throws {
        let rebuild = ArchiveRebuild(model.layout, writer: "test", fileSystem: model.disk, processID: 1)
        let report = try await rebuild.run(now: TestArchive.now, parallelism: 1)
        #expect(report.faults == [])
    }
}
