import Glibc
import SystemPackage

/// All that stands below a folder, as the kernel tells it.
struct FileTree: Equatable {
    /// One file or folder.
    struct Entry: Equatable {
        var inode: UInt
        var mode: UInt32
        var size: Int
        var modified: Int
    }

    /// By the path relative to the folder.
    var entries: [String: Entry] = [:]

    /// Walks `root`; links are not followed.
    init(_ root: FilePath) throws {
        try add(root, "")
    }

    /// Without the private folder, whose lock every session rewrites.
    var withoutLock: FileTree {
        var tree = self
        tree.entries = entries.filter { !$0.key.hasPrefix(".captivateiq-export") }
        return tree
    }

    /// The paths with their permissions, sorted, such as `manifest.json 640`.
    var listing: [String] {
        entries.map { "\($0.key) \(String($0.value.mode & 0o7777, radix: 8))" }.sorted()
    }

    private mutating func add(_ folder: FilePath, _ prefix: String) throws {
        guard let stream = opendir(folder.string) else { throw Errno(rawValue: errno) }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { continue }
            let name = String(cString: (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self))
            guard name != ".", name != ".." else { continue }
            var status = stat()
            guard lstat(folder.appending(name).string, &status) == 0 else { throw Errno(rawValue: errno) }
            entries[prefix + name] = Entry(
                inode: UInt(status.st_ino), mode: status.st_mode, size: Int(status.st_size),
                modified: status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec)
            if status.st_mode & S_IFMT == S_IFDIR { try add(folder.appending(name), prefix + name + "/") }
        }
    }
}
