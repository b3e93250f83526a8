package import AuditArchive
import Synchronization
package import SystemPackage

/// A file system on which one chosen call goes wrong.
package final class FaultyFileSystem: FileSystem {
    /// How the call goes wrong.
    package enum Fault: Sendable, Hashable {
        /// It does nothing and fails; the calls after it work.
        case fails(Errno)
        /// It fails, and so does everything after it: the process is gone.
        case stops
        /// It does its work, if it can, and fails all the same.
        case lies(Errno)
        /// A write takes half of what it is given; other calls work.
        case writesHalf
    }

    /// Which call goes wrong.
    package enum Choice: Sendable {
        /// None: to count the calls.
        case none
        /// The one with this number, from 1.
        case number(Int)
        /// The first one of this kind at a path that ends so.
        case first(FileSystemError.Operation, String)
    }

    /// One call that was made.
    package struct Call: Sendable, Hashable {
        /// Which one.
        package var operation: FileSystemError.Operation
        /// The path it was made for; of a rename the target.
        package var path: FilePath
    }

    private struct State {
        var trace: [Call] = []
        var hasStruck = false
    }

    private enum Verdict { case works, fails(Errno), lies(Errno), half }

    /// The file system beneath.
    package let real: any FileSystem
    fileprivate let synchronizes: Bool
    private let choice: Choice
    private let fault: Fault
    private let state = Mutex(State())

    /// Breaks `real`. Where nothing cuts the power, leaving `fsync` out saves the 10 ms that each one takes.
    package init(_ real: any FileSystem, _ choice: Choice, _ fault: Fault, synchronizes: Bool = true) {
        self.real = real
        self.synchronizes = synchronizes
        self.choice = choice
        self.fault = fault
    }

    /// The calls that were made, in their order.
    package var trace: [Call] { state.withLock { $0.trace } }

    /// How many calls were made.
    package var calls: Int { state.withLock { $0.trace.count } }

    /// Whether the chosen call was made.
    package var hasStruck: Bool { state.withLock { $0.hasStruck } }

    package func openForReading(_ path: FilePath) throws(FileSystemError) -> any OpenFile {
        try open(path) { () throws(FileSystemError) in try real.openForReading(path) }
    }

    package func create(_ path: FilePath) throws(FileSystemError) -> any OpenFile {
        try open(path) { () throws(FileSystemError) in try real.create(path) }
    }

    package func createDirectory(_ path: FilePath) throws(FileSystemError) {
        try call(.mkdir, path) { () throws(FileSystemError) in try real.createDirectory(path) }
    }

    package func rename(_ source: FilePath, to target: FilePath) throws(FileSystemError) {
        try call(.rename, target) { () throws(FileSystemError) in try real.rename(source, to: target) }
    }

    package func exchange(_ first: FilePath, _ second: FilePath) throws(FileSystemError) {
        try call(.renameat2, second) { () throws(FileSystemError) in try real.exchange(first, second) }
    }

    package func remove(_ path: FilePath) throws(FileSystemError) {
        try call(.unlink, path) { () throws(FileSystemError) in try real.remove(path) }
    }

    package func removeDirectory(_ path: FilePath) throws(FileSystemError) {
        try call(.rmdir, path) { () throws(FileSystemError) in try real.removeDirectory(path) }
    }

    package func synchronizeDirectory(_ path: FilePath) throws(FileSystemError) {
        try call(.fsync, path) { () throws(FileSystemError) in
            if synchronizes { try real.synchronizeDirectory(path) }
        }
    }

    package func names(in directory: FilePath) throws(FileSystemError) -> [String] {
        try call(.opendir, directory) { () throws(FileSystemError) in try real.names(in: directory) }
    }

    package func status(of path: FilePath) throws(FileSystemError) -> FileStatus? {
        try call(.lstat, path) { () throws(FileSystemError) in try real.status(of: path) }
    }

    package func lock(_ path: FilePath) throws(FileSystemError) -> (any FileLock)? {
        let lock = try call(.flock, path) { () throws(FileSystemError) in try real.lock(path) }
        return lock.map { FaultyLock(lock: $0, path: path, fileSystem: self) }
    }

    private func open(
        _ path: FilePath, _ open: () throws(FileSystemError) -> any OpenFile
    ) throws(FileSystemError) -> any OpenFile {
        var opened: (any OpenFile)?
        do throws(FileSystemError) {
            let file = try call(.open, path) { () throws(FileSystemError) in
                let file = try open()
                opened = file
                return file
            }
            return FaultyFile(file: file, path: path, fileSystem: self)
        } catch {
            // Nobody got the file that a lie opened.
            try opened?.close()
            throw error
        }
    }

    /// Makes a call unless it is to fail. A call that only gives something back is made in any case.
    fileprivate func call<Result>(
        _ operation: FileSystemError.Operation, _ path: FilePath, isRelease: Bool = false,
        _ body: () throws(FileSystemError) -> Result
    ) throws(FileSystemError) -> Result {
        switch verdict(operation, path) {
        case .works, .half: return try body()
        case .lies(let errno):
            _ = try? body()
            throw FileSystemError(operation, path, errno)
        case .fails(let errno):
            if isRelease { _ = try body() }
            throw FileSystemError(operation, path, errno)
        }
    }

    /// How many of `count` bytes the next write is to take.
    fileprivate func write(_ count: Int, _ path: FilePath) throws(FileSystemError) -> (taken: Int, failure: Errno?) {
        switch verdict(.write, path) {
        case .works: return (count, nil)
        case .half: return (max(1, count / 2), nil)
        case .lies(let errno): return (count, errno)
        case .fails(let errno): throw FileSystemError(.write, path, errno)
        }
    }

    private func verdict(_ operation: FileSystemError.Operation, _ path: FilePath) -> Verdict {
        state.withLock { state in
            state.trace.append(Call(operation: operation, path: path))
            let wasStruck = state.hasStruck
            let isChosen =
                switch choice {
                case .none: false
                case .number(let number): state.trace.count == number
                case .first(let chosen, let end): !wasStruck && operation == chosen && path.string.hasSuffix(end)
                }
            if isChosen { state.hasStruck = true }
            switch fault {
            case .fails(let errno): return isChosen ? .fails(errno) : .works
            case .lies(let errno): return isChosen ? .lies(errno) : .works
            case .writesHalf: return isChosen ? .half : .works
            case .stops: return isChosen || wasStruck ? .fails(.ioError) : .works
            }
        }
    }
}

/// A file whose calls are counted and chosen from like all others.
private struct FaultyFile: OpenFile {
    let file: any OpenFile
    let path: FilePath
    let fileSystem: FaultyFileSystem

    func read(upTo count: Int, into buffer: inout [UInt8]) throws(FileSystemError) -> Int {
        var read: [UInt8] = []
        let received = try fileSystem.call(.read, path) { () throws(FileSystemError) in
            try file.read(upTo: count, into: &read)
        }
        buffer += read
        return received
    }

    func read(upTo count: Int, at offset: Int, into buffer: inout [UInt8]) throws(FileSystemError) -> Int {
        var read: [UInt8] = []
        let received = try fileSystem.call(.read, path) { () throws(FileSystemError) in
            try file.read(upTo: count, at: offset, into: &read)
        }
        buffer += read
        return received
    }

    func write(_ bytes: RawSpan) throws(FileSystemError) -> Int {
        let (taken, failure) = try fileSystem.write(bytes.byteCount, path)
        let written = try file.write(bytes.extracting(first: taken))
        if let failure { throw FileSystemError(.write, path, failure) }
        return written
    }

    func synchronize() throws(FileSystemError) {
        try fileSystem.call(.fsync, path) { () throws(FileSystemError) in
            if fileSystem.synchronizes { try file.synchronize() }
        }
    }

    func close() throws(FileSystemError) {
        try fileSystem.call(.close, path, isRelease: true) { () throws(FileSystemError) in try file.close() }
    }
}

/// A lock that goes with the process, also where the process is only said to be gone.
private struct FaultyLock: FileLock {
    let lock: any FileLock
    let path: FilePath
    let fileSystem: FaultyFileSystem

    func describeHolder(_ text: String) throws(FileSystemError) {
        try fileSystem.call(.ftruncate, path) { () throws(FileSystemError) in try lock.describeHolder(text) }
    }

    func unlock() { lock.unlock() }
}
