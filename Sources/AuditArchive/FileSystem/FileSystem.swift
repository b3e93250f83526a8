package import SystemPackage

/// Every file system call the archive makes, so that a test can make any one of them fail.
///
/// Each method makes one attempt and reports what the kernel said; what a failure means is for the caller to decide.
package protocol FileSystem: Sendable {
    /// Opens an existing file for reading.
    func openForReading(_ path: FilePath) throws(FileSystemError) -> any OpenFile

    /// Makes a file that must not exist yet (mode 0640 less the umask) and opens it for writing.
    func create(_ path: FilePath) throws(FileSystemError) -> any OpenFile

    /// Makes a folder (mode 0750 less the umask). Fails with `EEXIST` where something has that name.
    func createDirectory(_ path: FilePath) throws(FileSystemError)

    /// Renames a file within one file system; an existing target is replaced.
    func rename(_ source: FilePath, to target: FilePath) throws(FileSystemError)

    /// Exchanges two folders, or two files, of one file system in one step: at no moment is either name gone.
    ///
    /// Many file systems cannot do it, see ``FileSystemError/meansNoExchange``.
    func exchange(_ first: FilePath, _ second: FilePath) throws(FileSystemError)

    /// Removes a file.
    func remove(_ path: FilePath) throws(FileSystemError)

    /// Removes a folder, which must be empty.
    func removeDirectory(_ path: FilePath) throws(FileSystemError)

    /// Makes the names in a folder durable.
    func synchronizeDirectory(_ path: FilePath) throws(FileSystemError)

    /// The names in a folder, sorted, without `.` and `..`.
    func names(in directory: FilePath) throws(FileSystemError) -> [String]

    /// What stands at a path, links not followed; `nil` where nothing does.
    func status(of path: FilePath) throws(FileSystemError) -> FileStatus?

    /// Takes an exclusive advisory lock that the kernel frees when the process ends, making the file if need be.
    /// `nil` where another process holds it.
    func lock(_ path: FilePath) throws(FileSystemError) -> (any FileLock)?
}

/// A file opened through a ``FileSystem``. ``close()`` is called exactly once.
package protocol OpenFile: Sendable {
    /// Reads at most `count` bytes and appends them to `buffer`; 0 at the end of the file.
    func read(upTo count: Int, into buffer: inout [UInt8]) throws(FileSystemError) -> Int

    /// Reads at most `count` bytes from `offset` on and appends them to `buffer`; 0 behind the end of the file. Where
    /// ``read(upTo:into:)`` goes on stays as it is.
    func read(upTo count: Int, at offset: Int, into buffer: inout [UInt8]) throws(FileSystemError) -> Int

    /// Writes some of `bytes` and says how many; fewer than given is no error.
    func write(_ bytes: RawSpan) throws(FileSystemError) -> Int

    /// Makes the file's bytes durable.
    func synchronize() throws(FileSystemError)

    /// Closes the file. A failure can be the first news of a failed write.
    func close() throws(FileSystemError)
}

/// A held lock.
package protocol FileLock: Sendable {
    /// Replaces the lock file's text, which tells others who holds it.
    func describeHolder(_ text: String) throws(FileSystemError)

    /// Gives the lock up.
    func unlock()
}

/// What stands at a path.
package struct FileStatus: Sendable, Equatable {
    /// The kinds of file that matter to an archive.
    package enum Kind: Sendable, Equatable {
        case file, directory, link, other
    }

    /// What it is; links are not followed.
    package var kind: Kind

    /// Bytes, for a file.
    package var size: Int

    /// Permission bits, such as `0o640`.
    package var permissions: UInt32

    /// Describes a file.
    package init(kind: Kind, size: Int, permissions: UInt32) {
        self.kind = kind
        self.size = size
        self.permissions = permissions
    }
}

/// A file system call that failed.
package struct FileSystemError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The calls, by the names the manual pages have.
    package enum Operation: String, Sendable {
        case open, read, write, fsync, close, mkdir, rename, renameat2, unlink, rmdir, opendir, lstat, flock, ftruncate
    }

    /// The call.
    package var operation: Operation

    /// The path it was made for.
    package var path: FilePath

    /// What the kernel said.
    package var errno: Errno

    /// Records a failed call.
    package init(_ operation: Operation, _ path: FilePath, _ errno: Errno) {
        self.operation = operation
        self.path = path
        self.errno = errno
    }

    /// Whether the file system does not know how to exchange two names, or not these two: `EINVAL`, `EXDEV`, `ENOSYS`,
    /// `ENOTSUP`.
    var meansNoExchange: Bool {
        operation == .renameat2 && [.invalidArgument, .improperLink, .noFunction, .notSupported].contains(errno)
    }

    package var description: String {
        "\(operation.rawValue) \(path): \(errno.description)"
    }
}
