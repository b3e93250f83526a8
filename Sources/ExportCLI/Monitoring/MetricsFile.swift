import Glibc
import SystemPackage

/// A file that another program looks at while it is replaced, such as the node exporter. It lies outside the archive.
struct MetricsFile: Sendable {
    private static let permissions = FilePermissions(rawValue: 0o644)

    private let path: FilePath
    private let draft: FilePath

    /// The file at `path`.
    init(_ path: FilePath) {
        self.path = path
        // The collector reads names that end in `.prom`, and nothing else.
        var name = path.lastComponent.map { Array($0.string.utf8) } ?? []
        name += Array(".new".utf8)
        draft = path.removingLastComponent().appending(String(decoding: name, as: UTF8.self))
    }

    /// Replaces the file in one step; everybody may read it, whatever the umask.
    ///
    /// - Throws: the error of the system's call.
    func replace(with text: String) throws(Errno) {
        do {
            try write(text)
            try call(draft.withPlatformString { from in path.withPlatformString { rename(from, $0) } })
        } catch {
            _ = draft.withPlatformString { unlink($0) }
            throw error
        }
    }

    private func write(_ text: String) throws(Errno) {
        _ = draft.withPlatformString { unlink($0) }
        do {
            // Whatever else has got the name meanwhile, a link above all, is not written to.
            let file = try FileDescriptor.open(
                draft, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: Self.permissions)
            try file.closeAfter {
                try call(fchmod(file.rawValue, Self.permissions.rawValue))
                try file.writeAll(text.utf8)
                try call(fsync(file.rawValue))
            }
        } catch {
            throw error as? Errno ?? .ioError
        }
    }

    private func call(_ result: Int32) throws(Errno) {
        guard result == 0 else { throw Errno(rawValue: errno) }
    }
}
