import AuditArchive
import SystemPackage

/// A folder that a command writes as its result: whatever happens, there is none, or all of it.
struct OutputFolder {
    private let path: FilePath
    private let draft: FilePath
    private let fileSystem: any FileSystem

    /// The folder at `path`, which must not be there or be empty.
    init(_ path: FilePath, fileSystem: any FileSystem) {
        self.path = OutputFile.absolute(path)
        self.fileSystem = fileSystem
        let name = self.path.lastComponent?.string ?? ""
        draft = self.path.removingLastComponent().appending(".\(name).\(PosixProcess.identifier).new")
    }

    /// Makes sure that it can be written: outside of the archive, and not over anything.
    func check(outsideOf archive: FilePath) throws(Failure) {
        try OutputFile.checkOutside(path, of: archive)
        do throws(FileSystemError) {
            switch try fileSystem.status(of: path)?.kind {
            case nil: return
            case .directory: guard try !fileSystem.names(in: path).isEmpty else { return }
            default: break
            }
        } catch {
            throw failure(error)
        }
        throw Failure(
            .usage, "there is something already where the output would be", at: path.string,
            hints: ["Choose a folder for --output that is not there, or is empty. Nothing is written over."])
    }

    /// Makes the folder under another name, until ``publish()``.
    func begin() throws(Failure) {
        discard()
        try call { () throws(FileSystemError) in try fileSystem.createDirectory(draft) }
    }

    /// Where a file stands until ``publish()``.
    func place(of name: String) -> FilePath { draft.appending(name) }

    /// Adds a file.
    func add(_ name: String, _ bytes: [UInt8]) throws(Failure) {
        try call { () throws(FileSystemError) in try fileSystem.createDurably(place(of: name), bytes) }
    }

    /// Gives the folder its name, in one step, with all that is in it.
    func publish() throws(Failure) {
        try call { () throws(FileSystemError) in
            try fileSystem.synchronizeDirectory(draft)
            try fileSystem.rename(draft, to: path)
            try fileSystem.synchronizeDirectory(path.removingLastComponent())
        }
    }

    /// Removes what was not published. What cannot be removed stays under a name that says so.
    func discard() {
        guard let names = try? fileSystem.names(in: draft) else { return }
        for name in names { try? fileSystem.remove(place(of: name)) }
        try? fileSystem.removeDirectory(draft)
    }

    private func call(_ body: () throws(FileSystemError) -> Void) throws(Failure) {
        do {
            try body()
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ error: FileSystemError) -> Failure {
        OutputFile.failure("\(error.operation.rawValue) failed: \(error.errno.description)", error.errno, at: path)
    }
}
