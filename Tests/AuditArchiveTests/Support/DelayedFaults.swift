import ArchiveTestSupport
@testable import AuditArchive
import Synchronization
import SystemPackage

/// A file system that is sound until a certain file is made and a faulty one from then on: some calls are made in the
/// same way at the start of a session and in its commit.
final class DelayedFaults: FileSystem {
    private let faulty: FaultyFileSystem
    private let trigger: FilePath
    private let isOn = Mutex(false)

    init(_ faulty: FaultyFileSystem, until trigger: FilePath) {
        self.faulty = faulty
        self.trigger = trigger
    }

    private var current: any FileSystem { isOn.withLock { $0 } ? faulty : faulty.real }

    func openForReading(_ path: FilePath) throws(FileSystemError) -> any OpenFile { try current.openForReading(path) }

    func create(_ path: FilePath) throws(FileSystemError) -> any OpenFile {
        if path == trigger { isOn.withLock { $0 = true } }
        return try current.create(path)
    }

    func createDirectory(_ path: FilePath) throws(FileSystemError) { try current.createDirectory(path) }

    func exchange(_ first: FilePath, _ second: FilePath) throws(FileSystemError) {
        try current.exchange(first, second)
    }

    func rename(_ source: FilePath, to target: FilePath) throws(FileSystemError) {
        try current.rename(source, to: target)
    }

    func remove(_ path: FilePath) throws(FileSystemError) { try current.remove(path) }

    func removeDirectory(_ path: FilePath) throws(FileSystemError) { try current.removeDirectory(path) }

    func synchronizeDirectory(_ path: FilePath) throws(FileSystemError) { try current.synchronizeDirectory(path) }

    func names(in directory: FilePath) throws(FileSystemError) -> [String] { try current.names(in: directory) }

    func status(of path: FilePath) throws(FileSystemError) -> FileStatus? { try current.status(of: path) }

    func lock(_ path: FilePath) throws(FileSystemError) -> (any FileLock)? { try current.lock(path) }
}
