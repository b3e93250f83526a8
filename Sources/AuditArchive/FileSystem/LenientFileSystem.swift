import Synchronization
import SystemPackage

/// A file system on which folders that cannot be made durable are passed over, with a warning: on older CIFS and some
/// FUSE mounts `fsync` of a folder is refused, for files never.
final class LenientFileSystem: FileSystem {
    private let real: any FileSystem
    private let refused = Mutex<FileSystemError?>(nil)

    init(_ real: any FileSystem) {
        self.real = real
    }

    /// What a person should know, once.
    var warnings: [String] {
        refused.withLock(\.self).map { error in
            [
                "The file system of \(error.path) cannot make folders durable (fsync: \(error.errno.description)): what "
                    + "was committed just before a power cut may be fetched again"
            ]
        } ?? []
    }

    func synchronizeDirectory(_ path: FilePath) throws(FileSystemError) {
        do {
            try real.synchronizeDirectory(path)
        } catch {
            guard error.operation == .fsync, [.invalidArgument, .notSupported].contains(error.errno) else {
                throw error
            }
            refused.withLock { $0 = $0 ?? error }
        }
    }

    func openForReading(_ path: FilePath) throws(FileSystemError) -> any OpenFile { try real.openForReading(path) }

    func create(_ path: FilePath) throws(FileSystemError) -> any OpenFile { try real.create(path) }

    func createDirectory(_ path: FilePath) throws(FileSystemError) { try real.createDirectory(path) }

    func rename(_ source: FilePath, to target: FilePath) throws(FileSystemError) {
        try real.rename(source, to: target)
    }

    func exchange(_ first: FilePath, _ second: FilePath) throws(FileSystemError) {
        try real.exchange(first, second)
    }

    func remove(_ path: FilePath) throws(FileSystemError) { try real.remove(path) }

    func removeDirectory(_ path: FilePath) throws(FileSystemError) { try real.removeDirectory(path) }

    func names(in directory: FilePath) throws(FileSystemError) -> [String] { try real.names(in: directory) }

    func status(of path: FilePath) throws(FileSystemError) -> FileStatus? { try real.status(of: path) }

    func lock(_ path: FilePath) throws(FileSystemError) -> (any FileLock)? { try real.lock(path) }
}
