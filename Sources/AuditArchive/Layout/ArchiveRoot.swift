import SystemPackage

extension ArchiveLayout {
    /// What the archive's folder is where it is reached through a link.
    var rootItself: FilePath { FilePath("\(root)/.") }
}

extension FileSystem {
    /// Makes sure that the archive's folder is one, or a link to one, or not there yet.
    func checkRoot(_ layout: ArchiveLayout) throws(ArchiveError) {
        let status = try archiveCalls { () throws(FileSystemError) -> FileStatus? in
            try self.status(of: layout.root)
        }
        switch status?.kind {
        case nil, .directory: return
        case .link:
            // Through the link; a failure says that it does not lead to a folder.
            if (try? self.status(of: layout.rootItself)?.kind) == .directory { return }
            throw ArchiveError(
                .absent, "The archive is a link that leads to no folder", at: layout.root,
                advice: "Check the setting `archive` (flag `--archive`), and that what the link leads to is mounted.")
        case .file, .other:
            throw ArchiveError(
                .absent, "The archive is not a folder", at: layout.root,
                advice: "Check the setting `archive` (flag `--archive`).")
        }
    }
}
