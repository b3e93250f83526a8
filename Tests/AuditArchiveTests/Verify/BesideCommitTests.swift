import ArchiveTestSupport
@testable import AuditArchive
import Synchronization
import SystemPackage
import Testing

/// A verification never takes a commit in progress for damage.
@Suite struct BesideCommitTests {
    /// A commit that stands still before each of its calls while somebody verifies.
    @Test func standingStillAtEveryCall() async throws {
        let before = try await FaultPointTests.before()
        let calls = try await FaultPointTests.callCount(on: before.copy())
        for number in 1...calls {
            let disk = before.copy()
            try? await SmallSync(on: FaultyFileSystem(disk, .number(number), .stops)).runUnderTest()
            let faults = try await SmallSync(on: disk).archive.faults()
            #expect(faults == [], "at call \(number) of \(calls)")
        }
    }

    /// A commit that happens in the middle of a verification, before each of its calls.
    @Test func commitDuringAVerification() async throws {
        let before = try await FaultPointTests.before()
        let counter = Interruption(before.copy(), at: .max) {}
        #expect(try await SmallSync(on: counter).archive.faults() == [])
        for number in 1...counter.calls {
            let disk = before.copy()
            let after = before.copy()
            try await SmallSync(on: after).runUnderTest()
            let interrupted = Interruption(disk, at: number) { disk.become(after) }
            let verification = try await ArchiveVerifier(SmallSync.layout, fileSystem: interrupted).verify(
                parallelism: 1)
            #expect(verification.faults == [], "at call \(number) of \(counter.calls)")
        }
    }

    /// Real damage is reported all the same, and as of the newest manifest.
    @Test func damageBesideACommit() async throws {
        let before = try await FaultPointTests.before()
        let damaged = try await damagedAfterCommit(before)
        let counter = Interruption(before.copy(), at: .max) {}
        _ = try await SmallSync(on: counter).archive.faults()
        for number in 1...counter.calls {
            let disk = before.copy()
            let interrupted = Interruption(disk, at: number) { disk.become(damaged) }
            let verification = try await ArchiveVerifier(SmallSync.layout, fileSystem: interrupted).verify(
                parallelism: 1)
            // Whoever had read the file before it was damaged could not know.
            guard !verification.faults.isEmpty else { continue }
            #expect(Set(verification.faults.map(\.kind)) == [.size, .sha256, .gzip], "at call \(number)")
        }
        #expect(try await SmallSync(on: damaged).archive.faults().isEmpty == false)
    }

    /// A journal that a dead process left explains what it names and nothing else.
    @Test func strayFileBesideAnUnfinishedCommit() async throws {
        let disk = try await FaultPointTests.before()
        let dying = FaultyFileSystem(disk, .first(.rename, "/manifest.json"), .stops)
        try? await SmallSync(on: dying).runUnderTest()
        let archive = SmallSync(on: disk).archive
        #expect(try disk.status(of: archive.layout.journal) != nil)
        #expect(try await archive.faults() == [])
        try archive.replace("audit_logs/date=2025-02-24/stray", [])
        #expect(try await archive.faults().map(\.kind) == [.strayFile])
    }

    private func damagedAfterCommit(_ before: MemoryFileSystem) async throws -> MemoryFileSystem {
        let damaged = before.copy()
        let sync = SmallSync(on: damaged)
        try await sync.runUnderTest()
        try sync.archive.replace(DamagedFileTests.path, try sync.archive.bytes(DamagedFileTests.path).dropLast(9))
        return damaged
    }
}

/// A file system in which something happens once, before the call with a certain number.
private final class Interruption: FileSystem {
    private let real: MemoryFileSystem
    private let number: Int
    private let action: @Sendable () -> Void
    private let count = Mutex(0)

    init(_ real: MemoryFileSystem, at number: Int, _ action: @escaping @Sendable () -> Void) {
        self.real = real
        self.number = number
        self.action = action
    }

    /// How many calls were made.
    var calls: Int { count.withLock { $0 } }

    private var next: MemoryFileSystem {
        let call = count.withLock { count in
            count += 1
            return count
        }
        if call == number { action() }
        return real
    }

    func openForReading(_ path: FilePath) throws(FileSystemError) -> any OpenFile { try next.openForReading(path) }

    func create(_ path: FilePath) throws(FileSystemError) -> any OpenFile { try next.create(path) }

    func createDirectory(_ path: FilePath) throws(FileSystemError) { try next.createDirectory(path) }

    func exchange(_ first: FilePath, _ second: FilePath) throws(FileSystemError) {
        try next.exchange(first, second)
    }

    func rename(_ source: FilePath, to target: FilePath) throws(FileSystemError) {
        try next.rename(source, to: target)
    }

    func remove(_ path: FilePath) throws(FileSystemError) { try next.remove(path) }

    func removeDirectory(_ path: FilePath) throws(FileSystemError) { try next.removeDirectory(path) }

    func synchronizeDirectory(_ path: FilePath) throws(FileSystemError) { try next.synchronizeDirectory(path) }

    func names(in directory: FilePath) throws(FileSystemError) -> [String] { try next.names(in: directory) }

    func status(of path: FilePath) throws(FileSystemError) -> FileStatus? { try next.status(of: path) }

    func lock(_ path: FilePath) throws(FileSystemError) -> (any FileLock)? { try next.lock(path) }
}
