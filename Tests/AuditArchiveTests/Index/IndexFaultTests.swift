import ArchiveTestSupport
@testable import AuditArchive
import AuditRecords
import CivilTime
import SystemPackage
import Testing

/// Every file system call of a sync that looks ids up goes wrong once, in every way.
@Suite struct IndexFaultTests {
    private static let old = 0..<45
    private static let new = 45..<100

    @Test(arguments: FaultPointTests.faults)
    func everyCallOfASync(fault: FaultyFileSystem.Fault) async throws {
        let before = try await Self.before()
        try await everyCall(fault, before)
    }

    /// The index is lost and has to be made anew by the session in which the call goes wrong.
    @Test(arguments: [FaultyFileSystem.Fault.fails(.noSpace), .lies(.ioError), .stops])
    func everyCallOfASyncThatMakesTheIndexAnew(fault: FaultyFileSystem.Fault) async throws {
        let before = try await Self.before()
        try before.disk.remove(before.layout.hint("ids/head"))
        try await everyCall(fault, before)
    }

    /// The power goes before every call; only what was made durable is left.
    @Test(arguments: [false, true])
    func powerCut(keepsNames: Bool) async throws {
        let before = try await Self.before()
        for number in 1...(try await Self.callCount(before)) {
            var model = before
            model.disk = before.disk.copy()
            _ = await Self.attempt(&model, FaultyFileSystem(model.disk, .number(number), .stops))
            model.disk = model.disk.afterPowerCut(keepsNames: keepsNames)
            let mistakes = try await Self.mistakesAfterwards(model)
            #expect(mistakes == [], "at call \(number)")
        }
    }

    /// A process dies at any call, and the next one only looks up: what the crash left is to be read on, not made anew.
    @Test func commitThatTheHeadMissedIsReadOn() async throws {
        let before = try await Self.before()
        let disk = before.disk.copy()
        var model = before
        let faulty = FaultyFileSystem(disk, .first(.rename, "ids/head"), .stops)
        #expect(await Self.attempt(&model, faulty) == nil)
        model.disk = disk
        model.dates = Self.all(before)
        let counter = FaultyFileSystem(disk, .none, .stops)
        let session = try model.archive(on: counter).open()
        // Cheap enough for a quiet sync.
        #expect(await session.areArchived(Self.new.map(IndexModel.key)) == true)
        let read = counter.trace.filter { $0.operation == .open && $0.path.string.hasSuffix(".gz") }
        #expect(read.count == 1)
        #expect(try await model.mistakes(of: session, among: 0..<103) == [])
        await session.close()
    }

    /// A file system that takes no index: everything is answered all the same, and nothing fails.
    @Test
    func indexThatCannotBeWritten() async throws {
        for lost in [false, true] {
            var model = try await Self.before()
            if lost { try model.disk.remove(model.layout.hint("ids/head")) }
            let refusing = RefusingFolder(model.disk, model.layout.hint("ids"))
            let session = try model.archive(on: refusing).open()
            #expect(try await model.mistakes(of: session, among: 0..<48) == [])
            try await model.commit(Self.new.map { IndexModel.event($0, on: "2025-02-25") }, in: session)
            #expect(try await model.mistakes(of: session, among: 0..<103) == [])
            await session.close()
            #expect(try await Self.mistakesAfterwards(model, commits: false) == [])
        }
    }

    private func everyCall(_ fault: FaultyFileSystem.Fault, _ before: IndexModel) async throws {
        let calls = try await Self.callCount(before)
        #expect(calls > 60)
        for number in 1...calls {
            var model = before
            model.disk = before.disk.copy()
            let mistakes = await Self.attempt(&model, FaultyFileSystem(model.disk, .number(number), fault))
            #expect(mistakes ?? [] == [], "\(fault) at call \(number) of \(calls)")
            #expect(model.disk.openFiles == 0, "\(fault) at call \(number) of \(calls) leaves files open")
            // What another process finds.
            model.disk = model.disk.copy()
            let later = try await Self.mistakesAfterwards(model)
            #expect(later == [], "\(fault) at call \(number) of \(calls)")
        }
    }

    /// An archive with an index of several segments.
    private static func before() async throws -> IndexModel {
        var model = try IndexModel()
        let session = try model.archive().open()
        for start in stride(from: old.lowerBound, to: old.upperBound, by: 15) {
            let date: CalendarDay = start == 15 ? "2025-02-23" : "2025-02-24"
            try await model.commit((start..<start + 15).map { IndexModel.event($0, on: date) }, in: session)
        }
        await session.close()
        return model
    }

    /// What a sync does: looks up what it got, and commits what is new. Says what the index had wrong; `nil` where the
    /// sync failed, as it may.
    private static func attempt(_ model: inout IndexModel, _ fileSystem: FaultyFileSystem) async -> [String]? {
        guard let session = try? model.archive(on: fileSystem).open() else { return nil }
        var mistakes: [String] = []
        var isWhole = false
        do {
            try await sync(session, &mistakes)
            isWhole = true
        } catch {
            // It may fail, but not with something wrong said before.
        }
        await session.close()
        return isWhole || !mistakes.isEmpty ? mistakes : nil
    }

    private static func sync(_ session: ArchiveSession, _ mistakes: inout [String]) async throws {
        let known = await session.areArchived(old.map(IndexModel.key))
        if known == false { mistakes.append("archived ids are said not to be") }
        let unknown = await session.areArchived([IndexModel.key(5), IndexModel.key(70)])
        if unknown == true { mistakes.append("a new id is said to be archived") }
        let found = try await session.dates(thatMayHold: (10..<100).map(IndexModel.key))
        if found != ["2025-02-23", "2025-02-24"] { mistakes.append("found \(found)") }
        try await session.stage(EventBatch(new.map { IndexModel.event($0, on: "2025-02-25") }, date: "2025-02-25"))
        _ = try await session.commit(TestArchive.facts())
        let later = try await session.dates(thatMayHold: [IndexModel.key(99), IndexModel.key(101)])
        if later != ["2025-02-25"] { mistakes.append("after the commit \(later)") }
    }

    private static func all(_ before: IndexModel) -> [EventKey: CalendarDay] {
        before.dates.merging(new.map { (IndexModel.key($0), "2025-02-25") }) { first, _ in first }
    }

    /// What the index says wrongly in the next process, and in the one after a commit by it.
    private static func mistakesAfterwards(_ found: IndexModel, commits: Bool = true) async throws -> [String] {
        var model = found
        var session = try model.archive().open()
        let isNew = await session.manifest?.partitions.contains { $0.date == "2025-02-25" } ?? false
        if isNew { model.dates = all(model) }
        var mistakes = try await model.mistakes(of: session, among: 0..<103)
        guard commits else {
            await session.close()
            return mistakes
        }
        try await model.commit([IndexModel.event(200, on: "2025-02-26")], in: session)
        await session.close()
        session = try model.archive().open()
        mistakes += try await model.mistakes(of: session, among: 40..<103).map { "later: \($0)" }
        mistakes += try await model.mistakes(of: session, among: 198..<203).map { "later: \($0)" }
        await session.close()
        return mistakes + (try await model.archive().faults().map(\.description))
    }

    private static func callCount(_ before: IndexModel) async throws -> Int {
        var model = before
        let counter = FaultyFileSystem(before.disk.copy(), .none, .stops)
        #expect(await attempt(&model, counter) == [])
        return counter.calls
    }
}

/// A file system on which nothing can be made in one folder.
private final class RefusingFolder: FileSystem {
    private let real: MemoryFileSystem
    private let folder: FilePath

    init(_ real: MemoryFileSystem, _ folder: FilePath) {
        self.real = real
        self.folder = folder
    }

    private func check(_ operation: FileSystemError.Operation, _ path: FilePath) throws(FileSystemError) {
        if path.starts(with: folder) { throw FileSystemError(operation, path, .noSpace) }
    }

    func openForReading(_ path: FilePath) throws(FileSystemError) -> any OpenFile { try real.openForReading(path) }

    func create(_ path: FilePath) throws(FileSystemError) -> any OpenFile {
        try check(.open, path)
        return try real.create(path)
    }

    func createDirectory(_ path: FilePath) throws(FileSystemError) {
        try check(.mkdir, path)
        try real.createDirectory(path)
    }

    func exchange(_ first: FilePath, _ second: FilePath) throws(FileSystemError) {
        try real.exchange(first, second)
    }

    func rename(_ source: FilePath, to target: FilePath) throws(FileSystemError) {
        try check(.rename, target)
        try real.rename(source, to: target)
    }

    func removeDirectory(_ path: FilePath) throws(FileSystemError) { try real.removeDirectory(path) }

    func remove(_ path: FilePath) throws(FileSystemError) {
        try check(.unlink, path)
        try real.remove(path)
    }

    func synchronizeDirectory(_ path: FilePath) throws(FileSystemError) { try real.synchronizeDirectory(path) }

    func names(in directory: FilePath) throws(FileSystemError) -> [String] { try real.names(in: directory) }

    func status(of path: FilePath) throws(FileSystemError) -> FileStatus? { try real.status(of: path) }

    func lock(_ path: FilePath) throws(FileSystemError) -> (any FileLock)? { try real.lock(path) }
}
