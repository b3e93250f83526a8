package import AuditArchive
import Synchronization
package import SystemPackage

/// A file system in memory that knows what a power cut would leave: of a file the bytes it had at its last fsync, of a
/// folder the names it had at its own.
package final class MemoryFileSystem: FileSystem {
    /// A file or a folder.
    struct Node: Sendable {
        var kind: FileStatus.Kind
        var bytes: [UInt8] = []
        var durableBytes: [UInt8] = []
        var names: [String: Int] = [:]
        var durableNames: [String: Int] = [:]
    }

    /// Two names that were exchanged, and what they stand for since. A journal keeps both or neither: as soon as one of the
    /// two folders is durable, so is the other name.
    struct Exchange: Sendable {
        var folders: [Int]
        var names: [String]
        var nodes: [Int]
    }

    struct State: Sendable {
        var exchanges: [Exchange] = []
        var nodes: [Node] = [Node(kind: .directory)]
        var lockedPaths: Set<FilePath> = []
        var openFiles = 0
    }

    let state: Mutex<State>

    /// An empty file system.
    package init() { state = Mutex(State()) }

    private init(_ nodes: [Node]) { state = Mutex(State(nodes: nodes)) }

    /// Files that were opened and not closed.
    package var openFiles: Int { state.withLock { $0.openFiles } }

    /// The same files, as if another process found them.
    package func copy() -> MemoryFileSystem {
        let (nodes, exchanges) = state.withLock { ($0.nodes, $0.exchanges) }
        let copy = MemoryFileSystem(nodes)
        copy.state.withLock { $0.exchanges = exchanges }
        return copy
    }

    /// Takes on the state of another, which has all of this one's files in the same places.
    package func become(_ other: MemoryFileSystem) {
        let nodes = other.state.withLock { $0.nodes }
        state.withLock { $0.nodes = nodes }
    }

    /// Everything that can be seen: the bytes of the files, and `nil` for the folders, by their paths.
    package var tree: [String: [UInt8]?] {
        let nodes = state.withLock { $0.nodes }
        var tree: [String: [UInt8]?] = [:]
        func add(_ folder: Int, _ prefix: String) {
            for (name, node) in nodes[folder].names {
                let path = prefix + name
                tree[path] = .some(nodes[node].kind == .directory ? nil : nodes[node].bytes)
                add(node, path + "/")
            }
        }
        add(0, "/")
        return tree
    }

    /// What is left once the power is back. The kernel may have written names that nobody made durable: `keepsNames`
    /// for a disk that has them all, though of their files only what was.
    package func afterPowerCut(keepsNames: Bool = false) -> MemoryFileSystem {
        MemoryFileSystem(
            state.withLock { $0.nodes }.map { node in
                let names = keepsNames ? node.names : node.durableNames
                return Node(
                    kind: node.kind, bytes: node.durableBytes, durableBytes: node.durableBytes, names: names,
                    durableNames: names)
            })
    }

    /// Makes everything durable, as `sync` does.
    package func synchronizeAll() {
        state.withLock { state in
            state.exchanges = []
            for index in state.nodes.indices {
                state.nodes[index].durableBytes = state.nodes[index].bytes
                state.nodes[index].durableNames = state.nodes[index].names
            }
        }
    }

    package func openForReading(_ path: FilePath) throws(FileSystemError) -> any OpenFile {
        let node = try existing(path, .open)
        state.withLock { $0.openFiles += 1 }
        return MemoryFile(node: node, path: path, fileSystem: self)
    }

    package func create(_ path: FilePath) throws(FileSystemError) -> any OpenFile {
        let node = try add(Node(kind: .file), path, .open)
        state.withLock { $0.openFiles += 1 }
        return MemoryFile(node: node, path: path, fileSystem: self)
    }

    package func createDirectory(_ path: FilePath) throws(FileSystemError) {
        _ = try add(Node(kind: .directory), path, .mkdir)
    }

    package func rename(_ source: FilePath, to target: FilePath) throws(FileSystemError) {
        let node = try existing(source, .rename)
        let (from, to) = (try parent(source, .rename), try parent(target, .rename))
        if try status(of: target)?.kind == .directory { throw FileSystemError(.rename, target, .isDirectory) }
        state.withLock { state in
            state.nodes[from].names[Self.name(source)] = nil
            state.nodes[to].names[Self.name(target)] = node
        }
    }

    package func exchange(_ first: FilePath, _ second: FilePath) throws(FileSystemError) {
        let (one, other) = (try existing(first, .renameat2), try existing(second, .renameat2))
        let (from, to) = (try parent(first, .renameat2), try parent(second, .renameat2))
        state.withLock { state in
            state.nodes[from].names[Self.name(first)] = other
            state.nodes[to].names[Self.name(second)] = one
            state.exchanges.append(
                Exchange(folders: [from, to], names: [Self.name(first), Self.name(second)], nodes: [other, one]))
        }
    }

    package func remove(_ path: FilePath) throws(FileSystemError) {
        _ = try existing(path, .unlink)
        if try status(of: path)?.kind == .directory { throw FileSystemError(.unlink, path, .isDirectory) }
        let folder = try parent(path, .unlink)
        state.withLock { $0.nodes[folder].names[Self.name(path)] = nil }
    }

    package func removeDirectory(_ path: FilePath) throws(FileSystemError) {
        let node = try existingFolder(path, .rmdir)
        let folder = try parent(path, .rmdir)
        let isEmpty = state.withLock { $0.nodes[node].names.isEmpty }
        guard isEmpty else { throw FileSystemError(.rmdir, path, .directoryNotEmpty) }
        state.withLock { $0.nodes[folder].names[Self.name(path)] = nil }
    }

    package func synchronizeDirectory(_ path: FilePath) throws(FileSystemError) {
        let folder = try existingFolder(path, .open)
        state.withLock { state in
            for exchange in state.exchanges where exchange.folders.contains(folder) {
                for (place, node) in exchange.nodes.enumerated() {
                    state.nodes[exchange.folders[place]].durableNames[exchange.names[place]] = node
                }
            }
            state.exchanges.removeAll { $0.folders.contains(folder) }
            state.nodes[folder].durableNames = state.nodes[folder].names
        }
    }

    package func names(in directory: FilePath) throws(FileSystemError) -> [String] {
        let folder = try existingFolder(directory, .opendir)
        return state.withLock { $0.nodes[folder].names.keys.sorted() }
    }

    package func status(of path: FilePath) throws(FileSystemError) -> FileStatus? {
        let index: Int
        do {
            index = try find(Self.components(path))
        } catch {
            if error == .noSuchFileOrDirectory { return nil }
            throw FileSystemError(.lstat, path, error)
        }
        let node = state.withLock { $0.nodes[index] }
        return FileStatus(kind: node.kind, size: node.bytes.count, permissions: node.kind == .file ? 0o640 : 0o750)
    }

    package func lock(_ path: FilePath) throws(FileSystemError) -> (any FileLock)? {
        if try status(of: path) == nil { _ = try add(Node(kind: .file), path, .open) }
        let isFree = state.withLock { $0.lockedPaths.insert(path).inserted }
        return isFree ? MemoryLock(path: path, fileSystem: self) : nil
    }

    // By strings, since a path's components are slow to walk without optimization.
    private static func components(_ path: FilePath) -> [Substring] { path.string.split(separator: "/") }

    private static func name(_ path: FilePath) -> String { components(path).last.map(String.init) ?? "" }

    private func find(_ components: [Substring]) throws(Errno) -> Int {
        try state.withLock { (state) throws(Errno) in
            var node = 0
            for component in components {
                guard state.nodes[node].kind == .directory else { throw .notDirectory }
                guard let next = state.nodes[node].names[String(component)] else { throw .noSuchFileOrDirectory }
                node = next
            }
            return node
        }
    }

    private func existing(_ path: FilePath, _ operation: FileSystemError.Operation) throws(FileSystemError) -> Int {
        do {
            return try find(Self.components(path))
        } catch {
            throw FileSystemError(operation, path, error)
        }
    }

    private func existingFolder(
        _ path: FilePath, _ operation: FileSystemError.Operation
    ) throws(FileSystemError) -> Int {
        let node = try existing(path, operation)
        let isFolder = state.withLock { $0.nodes[node].kind == .directory }
        guard isFolder else { throw FileSystemError(operation, path, .notDirectory) }
        return node
    }

    /// The folder of a path; a failure is said of the path itself.
    private func parent(_ path: FilePath, _ operation: FileSystemError.Operation) throws(FileSystemError) -> Int {
        let folder: Int
        do {
            folder = try find(Self.components(path).dropLast())
        } catch {
            throw FileSystemError(operation, path, error)
        }
        let isFolder = state.withLock { $0.nodes[folder].kind == .directory }
        guard isFolder else { throw FileSystemError(operation, path, .notDirectory) }
        return folder
    }

    private func add(
        _ node: Node, _ path: FilePath, _ operation: FileSystemError.Operation
    ) throws(FileSystemError) -> Int {
        let folder = try parent(path, operation)
        guard try status(of: path) == nil else { throw FileSystemError(operation, path, .fileExists) }
        return state.withLock { state in
            state.nodes.append(node)
            state.nodes[folder].names[Self.name(path)] = state.nodes.count - 1
            return state.nodes.count - 1
        }
    }
}

/// An open file of a ``MemoryFileSystem``, read from its start.
private final class MemoryFile: OpenFile {
    private let node: Int
    private let path: FilePath
    private let fileSystem: MemoryFileSystem
    private let position = Mutex(0)

    init(node: Int, path: FilePath, fileSystem: MemoryFileSystem) {
        self.node = node
        self.path = path
        self.fileSystem = fileSystem
    }

    func read(upTo count: Int, into buffer: inout [UInt8]) throws(FileSystemError) -> Int {
        let bytes = try bytes()
        let start = position.withLock { position in
            defer { position = min(bytes.count, position + count) }
            return position
        }
        let read = bytes[start..<min(bytes.count, start + count)]
        buffer += read
        return read.count
    }

    func read(upTo count: Int, at offset: Int, into buffer: inout [UInt8]) throws(FileSystemError) -> Int {
        let bytes = try bytes()
        let start = min(max(0, offset), bytes.count)
        let read = bytes[start..<min(bytes.count, start + count)]
        buffer += read
        return read.count
    }

    private func bytes() throws(FileSystemError) -> [UInt8] {
        let node = fileSystem.state.withLock { $0.nodes[self.node] }
        guard node.kind == .file else { throw FileSystemError(.read, path, .isDirectory) }
        return node.bytes
    }

    func write(_ bytes: RawSpan) throws(FileSystemError) -> Int {
        let copy = bytes.withUnsafeBytes { Array($0) }
        fileSystem.state.withLock { $0.nodes[node].bytes += copy }
        return copy.count
    }

    func synchronize() throws(FileSystemError) {
        fileSystem.state.withLock { $0.nodes[node].durableBytes = $0.nodes[node].bytes }
    }

    func close() throws(FileSystemError) {
        fileSystem.state.withLock { $0.openFiles -= 1 }
    }
}

/// A held lock of a ``MemoryFileSystem``.
private struct MemoryLock: FileLock {
    let path: FilePath
    let fileSystem: MemoryFileSystem

    func describeHolder(_ text: String) throws(FileSystemError) {}

    func unlock() {
        fileSystem.state.withLock { _ = $0.lockedPaths.remove(path) }
    }
}
