import AuditArchive
import SystemPackage

/// A file that a command writes beside its result: whatever happens, its name has the old bytes or all of the new ones.
struct OutputFile {
    private let path: FilePath
    private let fileSystem: any FileSystem

    /// The file at `path`, which need not be there.
    init(_ path: FilePath, fileSystem: any FileSystem) {
        self.path = path
        self.fileSystem = fileSystem
    }

    /// Makes sure that the file would not come to stand in an archive's folder, where nothing else belongs.
    func checkOutside(of archive: FilePath) throws(Failure) { try Self.checkOutside(path, of: archive) }

    /// Makes sure that a file or folder would not come to stand in an archive's folder, also by way of links.
    static func checkOutside(_ path: FilePath, of archive: FilePath) throws(Failure) {
        guard isInside(path, archive) else { return }
        throw Failure(
            .usage, "the output would be in the archive, where nothing else belongs", at: path.string,
            hints: ["Choose another place for --output."])
    }

    /// Whether a path leads into an archive's folder, also by way of links.
    static func isInside(_ path: FilePath, _ archive: FilePath) -> Bool {
        PosixProcess.resolved(absolute(path)).starts(with: PosixProcess.resolved(absolute(archive)))
    }

    /// Whether a path leads into the folder of some archive.
    static func isInsideAny(_ path: FilePath, fileSystem: any FileSystem) -> Bool {
        var folder = PosixProcess.resolved(absolute(path))
        while folder.removeLastComponent() {
            let layout = ArchiveLayout(root: folder)
            if let found = try? fileSystem.status(of: layout.privateDirectory), found.kind == .directory { return true }
        }
        return false
    }

    /// Replaces the file.
    func replace(with bytes: [UInt8]) throws(Failure) {
        guard let name = path.lastComponent else { throw failure("it names no file") }
        let draft = path.removingLastComponent().appending(".\(name).\(PosixProcess.identifier).new")
        do throws(FileSystemError) {
            try fileSystem.removeIfPresent(draft)
            try fileSystem.createDurably(draft, bytes)
            try fileSystem.rename(draft, to: path)
        } catch {
            // The failure that is reported is the one before.
            try? fileSystem.removeIfPresent(draft)
            throw failure("\(error.operation.rawValue) failed: \(error.errno.description)", error.errno)
        }
    }

    private func failure(_ reason: String, _ errno: Errno? = nil) -> Failure {
        Self.failure(reason, errno, at: path)
    }

    /// An output that could not be written.
    static func failure(_ reason: String, _ errno: Errno?, at path: FilePath) -> Failure {
        let isBroken = [Errno.noSpace, .ioError, Errno(rawValue: 122)].contains(errno)
        return Failure(
            isBroken ? .inputOutput : .notWritable, "the output could not be written: \(reason)", at: path.string,
            hints: [
                isBroken
                    ? "Free some space, or check the disk." : "Check that its folder is there and may be written to."
            ])
    }

    /// The path from the root on, without `.` and `..`.
    static func absolute(_ path: FilePath) -> FilePath {
        let full = path.isAbsolute ? path : FilePath(PosixProcess.workingDirectory).appending(path.components)
        return full.lexicallyNormalized()
    }
}
