import SystemPackage

/// Finds out, before a commit's point of no return, whether files can be renamed from the staging folder into the folders
/// that are published into: one that is another mount would leave the commit unfinished for ever.
struct RenameProbe: Sendable {
    private let archive: ArchiveDirectory
    private var layout: ArchiveLayout { archive.layout }
    /// The folders into which it was possible.
    private var passed: Set<String> = []

    init(_ archive: ArchiveDirectory) {
        self.archive = archive
    }

    /// Tries each folder that the journal's files and the manifest go into, once. One that is not there yet will be the
    /// archive's own.
    mutating func run(for journal: Journal) throws(ArchiveError) {
        let roots = Set((journal.moves + journal.replacements).map { String($0.target.prefix { $0 != "/" }) } + [""])
            .subtracting(passed)
        for root in roots.sorted() {
            let folder = root.isEmpty ? layout.root : layout.absolute(root)
            let kind = try archive.kind(of: folder)
            // The archive's own folder may be reached through a link.
            if kind == .directory || root.isEmpty { try probe(folder) }
            passed.insert(root)
        }
    }

    /// Removes what a crash left.
    func clear() throws(ArchiveError) {
        for probe in ArchiveLayout.probePaths.map(layout.absolute) {
            if try archive.exists(probe) { try archive.removeIfPresent(probe) }
        }
    }

    private func probe(_ folder: FilePath) throws(ArchiveError) {
        let source = layout.staged(ArchiveLayout.probeName)
        let target = folder.appending(ArchiveLayout.probeName)
        try archive.removeIfPresent(source)
        try archive.close(archive.create(source))
        do {
            try archive.fileSystem.rename(source, to: target)
        } catch {
            try? archive.removeIfPresent(source)
            throw error.errno == .improperLink ? .otherFileSystem(folder) : ArchiveError(error)
        }
        try archive.removeIfPresent(target)
    }
}

extension ArchiveError {
    fileprivate static func otherFileSystem(_ folder: FilePath) -> ArchiveError {
        ArchiveError(
            .notWritable, "The folder is on another mount than the rest of the archive", at: folder,
            hint:
                "Nothing was changed. Move it onto the archive's own file system, or mount the archive's folder as a "
                + "whole: files cannot be renamed between mounts, and a bind mount counts as another one.")
    }
}
