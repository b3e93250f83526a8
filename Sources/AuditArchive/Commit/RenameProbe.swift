import SystemPackage

/// Finds out, before a commit's point of no return, whether files can be renamed from the staging folder into the folders
/// that are published into: one that is another mount would leave the commit unfinished for ever.
struct RenameProbe {
    let fileSystem: any FileSystem
    let layout: ArchiveLayout
    /// The folders into which it was possible.
    private var passed: Set<String> = []

    /// The name of the file that is renamed. Left by a crash, it is removed at the next start.
    static let fileName = ".captivateiq-export-probe"

    init(_ fileSystem: any FileSystem, _ layout: ArchiveLayout) {
        self.fileSystem = fileSystem
        self.layout = layout
    }

    /// Tries each folder that the journal's files and the manifest go into, once. One that is not there yet will be the
    /// archive's own.
    mutating func run(for journal: Journal) throws(ArchiveError) {
        let roots = Set(journal.moves.map { String($0.target.prefix { $0 != "/" }) } + [""]).subtracting(passed)
        for root in roots.sorted() {
            let folder = root.isEmpty ? layout.root : layout.absolute(root)
            let kind = try archiveCalls { () throws(FileSystemError) in try fileSystem.status(of: folder)?.kind }
            // The archive's own folder may be reached through a link.
            if kind == .directory || root.isEmpty { try probe(folder) }
            passed.insert(root)
        }
    }

    /// Removes what a crash left.
    func clear() throws(ArchiveError) {
        try archiveCalls { () throws(FileSystemError) in
            for folder in [layout.root, layout.dataDirectory, layout.quarantineDirectory] {
                let probe = folder.appending(Self.fileName)
                if try fileSystem.status(of: probe) != nil { try fileSystem.removeIfPresent(probe) }
            }
        }
    }

    private func probe(_ folder: FilePath) throws(ArchiveError) {
        let (source, target) = (layout.stagingDirectory.appending(Self.fileName), folder.appending(Self.fileName))
        try archiveCalls { () throws(FileSystemError) in
            try fileSystem.removeIfPresent(source)
            try fileSystem.create(source).close()
        }
        do {
            try fileSystem.rename(source, to: target)
        } catch {
            try? fileSystem.removeIfPresent(source)
            throw error.errno == .improperLink ? .otherFileSystem(folder) : ArchiveError(error)
        }
        try archiveCalls { () throws(FileSystemError) in try fileSystem.removeIfPresent(target) }
    }
}

extension ArchiveError {
    fileprivate static func otherFileSystem(_ folder: FilePath) -> ArchiveError {
        ArchiveError(
            .notWritable, "The folder is on another mount than the rest of the archive", at: folder,
            advice:
                "Nothing was changed. Move it onto the archive's own file system, or mount the archive's folder as a "
                + "whole: files cannot be renamed between mounts, and a bind mount counts as another one.")
    }
}
