import CLinux
import Glibc
package import SystemPackage

/// The kernel's file system.
package struct PosixFileSystem: FileSystem {
    /// The real thing; it holds no state.
    package init() {}

    package func openForReading(_ path: FilePath) throws(FileSystemError) -> any OpenFile {
        // A pipe in a file's place is an empty file instead of waiting for a writer.
        try open(path, .readOnly, [.nonBlocking, .closeOnExec])
    }

    package func create(_ path: FilePath) throws(FileSystemError) -> any OpenFile {
        try open(path, .writeOnly, [.create, .exclusiveCreate, .closeOnExec])
    }

    package func createDirectory(_ path: FilePath) throws(FileSystemError) {
        try check(.mkdir, path) { path.withPlatformString { mkdir($0, 0o750) } }
    }

    package func rename(_ source: FilePath, to target: FilePath) throws(FileSystemError) {
        try check(.rename, target) {
            source.withPlatformString { from in target.withPlatformString { Glibc.rename(from, $0) } }
        }
    }

    package func exchange(_ first: FilePath, _ second: FilePath) throws(FileSystemError) {
        try check(.renameat2, second) {
            first.withPlatformString { one in second.withPlatformString { linux_exchange(one, $0) } }
        }
    }

    package func remove(_ path: FilePath) throws(FileSystemError) {
        try check(.unlink, path) { path.withPlatformString { unlink($0) } }
    }

    package func removeDirectory(_ path: FilePath) throws(FileSystemError) {
        try check(.rmdir, path) { path.withPlatformString { rmdir($0) } }
    }

    package func synchronizeDirectory(_ path: FilePath) throws(FileSystemError) {
        let directory = try open(path, .readOnly, [.directory, .closeOnExec])
        do throws(FileSystemError) {
            try directory.synchronize()
        } catch {
            try? directory.close()
            throw error
        }
        try directory.close()
    }

    package func names(in directory: FilePath) throws(FileSystemError) -> [String] {
        guard let stream = directory.withPlatformString({ opendir($0) }) else {
            throw FileSystemError(.opendir, directory, Errno(rawValue: errno))
        }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            // Not through `pointee`: the kernel gives an entry only the bytes that its name needs.
            guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { continue }
            let name = String(cString: (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self))
            if name != "." && name != ".." { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw FileSystemError(.opendir, directory, Errno(rawValue: errno)) }
        return names.sorted()
    }

    package func status(of path: FilePath) throws(FileSystemError) -> FileStatus? {
        var status = stat()
        guard path.withPlatformString({ lstat($0, &status) }) == 0 else {
            let failure = Errno(rawValue: errno)
            if failure == .noSuchFileOrDirectory { return nil }
            throw FileSystemError(.lstat, path, failure)
        }
        let kind: FileStatus.Kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            case S_IFLNK: .link
            default: .other
            }
        return FileStatus(kind: kind, size: Int(status.st_size), permissions: status.st_mode & 0o7777)
    }

    package func lock(_ path: FilePath) throws(FileSystemError) -> (any FileLock)? {
        let file = try open(path, .readWrite, [.create, .noFollow, .closeOnExec])
        guard flock(file.descriptor.rawValue, LOCK_EX | LOCK_NB) != 0 else {
            return PosixFileLock(file: file)
        }
        let failure = Errno(rawValue: errno)
        try file.close()
        if failure == .wouldBlock { return nil }
        throw FileSystemError(.flock, path, failure)
    }

    private func open(
        _ path: FilePath, _ mode: FileDescriptor.AccessMode, _ options: FileDescriptor.OpenOptions
    ) throws(FileSystemError) -> PosixFile {
        do {
            let descriptor = try FileDescriptor.open(
                path, mode, options: options,
                permissions: options.contains(.create) ? FilePermissions(rawValue: 0o640) : nil)
            return PosixFile(path: path, descriptor: descriptor)
        } catch {
            throw FileSystemError(.open, path, error as? Errno ?? .ioError)
        }
    }

    private func check(
        _ operation: FileSystemError.Operation, _ path: FilePath, _ call: () -> Int32
    ) throws(FileSystemError) {
        guard call() == 0 else { throw FileSystemError(operation, path, Errno(rawValue: errno)) }
    }
}
