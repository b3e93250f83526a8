import Glibc
import SystemPackage

/// A descriptor with the path it was opened by, for messages.
struct PosixFile: OpenFile {
    let path: FilePath
    let descriptor: FileDescriptor

    func read(upTo count: Int, into buffer: inout [UInt8]) throws(FileSystemError) -> Int {
        try append(count, to: &buffer) { try descriptor.read(into: $0) }
    }

    func read(upTo count: Int, at offset: Int, into buffer: inout [UInt8]) throws(FileSystemError) -> Int {
        try append(count, to: &buffer) { try descriptor.read(fromAbsoluteOffset: Int64(offset), into: $0) }
    }

    private func append(
        _ count: Int, to buffer: inout [UInt8], _ read: (UnsafeMutableRawBufferPointer) throws -> Int
    ) throws(FileSystemError) -> Int {
        let start = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: count))
        do {
            let received = try buffer.withUnsafeMutableBytes { bytes in
                try read(UnsafeMutableRawBufferPointer(rebasing: bytes[start...]))
            }
            buffer.removeLast(count - received)
            return received
        } catch {
            buffer.removeLast(count)
            throw failure(.read, error)
        }
    }

    func write(_ bytes: RawSpan) throws(FileSystemError) -> Int {
        do {
            return try bytes.withUnsafeBytes { try descriptor.write($0) }
        } catch {
            throw failure(.write, error)
        }
    }

    func synchronize() throws(FileSystemError) {
        while fsync(descriptor.rawValue) != 0 {
            guard errno == EINTR else { throw FileSystemError(.fsync, path, Errno(rawValue: errno)) }
        }
    }

    func close() throws(FileSystemError) {
        do {
            try descriptor.close()
        } catch {
            throw failure(.close, error)
        }
    }

    private func failure(_ operation: FileSystemError.Operation, _ error: any Error) -> FileSystemError {
        FileSystemError(operation, path, error as? Errno ?? .ioError)
    }
}

/// A `flock` on an open descriptor: it goes when the descriptor is closed, also by the death of the process.
struct PosixFileLock: FileLock {
    let file: PosixFile

    func describeHolder(_ text: String) throws(FileSystemError) {
        guard ftruncate(file.descriptor.rawValue, 0) == 0 else {
            throw FileSystemError(.ftruncate, file.path, Errno(rawValue: errno))
        }
        try file.writeAll(text.utf8Span.span.bytes, at: file.path)
    }

    func unlock() {
        // Before closing: a child process that is just being started can have the descriptor for a moment longer.
        flock(file.descriptor.rawValue, LOCK_UN)
        // The kernel frees the lock whether or not close reports an error, and nothing was promised about the text.
        try? file.close()
    }
}
