package import AuditArchive
package import SystemPackage

/// A file system that tells of each call before it makes it, so that something can happen just then.
package final class ObservedFileSystem: FileSystem {
    /// What is told of a call: which one, and at which path; of a rename the target.
    package typealias Observer = @Sendable (FileSystemError.Operation, FilePath) throws(FileSystemError) -> Void

    private let real: any FileSystem
    private let observer: Observer

    /// Tells `observer` of the calls that are made of `real`.
    package init(_ real: any FileSystem, _ observer: @escaping Observer) {
        self.real = real
        self.observer = observer
    }

    private func telling(
        _ operation: FileSystemError.Operation, _ path: FilePath
    ) throws(FileSystemError) -> any FileSystem {
        try observer(operation, path)
        return real
    }

    package func openForReading(_ path: FilePath) throws(FileSystemError) -> any OpenFile {
        try telling(.open, path).openForReading(path)
    }

    package func create(_ path: FilePath) throws(FileSystemError) -> any OpenFile {
        try telling(.open, path).create(path)
    }

    package func createDirectory(_ path: FilePath) throws(FileSystemError) {
        try telling(.mkdir, path).createDirectory(path)
    }

    package func rename(_ source: FilePath, to target: FilePath) throws(FileSystemError) {
        try telling(.rename, target).rename(source, to: target)
    }

    package func exchange(_ first: FilePath, _ second: FilePath) throws(FileSystemError) {
        try telling(.renameat2, second).exchange(first, second)
    }

    package func remove(_ path: FilePath) throws(FileSystemError) { try telling(.unlink, path).remove(path) }

    package func removeDirectory(_ path: FilePath) throws(FileSystemError) {
        try telling(.rmdir, path).removeDirectory(path)
    }

    package func synchronizeDirectory(_ path: FilePath) throws(FileSystemError) {
        try telling(.fsync, path).synchronizeDirectory(path)
    }

    package func names(in directory: FilePath) throws(FileSystemError) -> [String] {
        try telling(.opendir, directory).names(in: directory)
    }

    package func status(of path: FilePath) throws(FileSystemError) -> FileStatus? {
        try telling(.lstat, path).status(of: path)
    }

    package func lock(_ path: FilePath) throws(FileSystemError) -> (any FileLock)? {
        try telling(.flock, path).lock(path)
    }
}
