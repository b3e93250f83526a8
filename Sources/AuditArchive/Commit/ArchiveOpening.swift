import SystemPackage

/// The first steps of a session: folders, and the manifest of an archive that is there or not yet.
extension ArchiveDirectory {
    /// Makes the archive's folder and the private ones unless they are there.
    func makeFolders() throws(ArchiveError) {
        try checkRoot()
        try make(layout.root)
        try ensureDirectory(layout.privateDirectory)
        try ensureDirectory(layout.stagingDirectory)
        try synchronizeDirectory(layout.privateDirectory)
        try synchronizeDirectory(layout.root)
    }

    /// The manifest, or `nil` for an archive that is yet to begin. Data files without a manifest are damage, never an
    /// empty archive.
    func openManifest() throws(ArchiveError) -> Manifest? {
        if let loaded = try loadManifest() {
            do throws(ManifestError) {
                try loaded.manifest.checkNewest()
            } catch {
                throw .damaged("The manifest is damaged: \(error)", at: layout.manifest)
            }
            return loaded.manifest
        }
        guard try !hasData() else {
            throw ArchiveError(
                .damaged, "There are data files but no manifest", at: layout.manifest,
                advice: "Nothing was fetched or changed. Make the manifest anew with `captivateiq-export rebuild`, or "
                    + "restore it from a copy.")
        }
        return nil
    }

    /// Whether the folders of data, quarantine and evidence hold anything.
    func hasData() throws(ArchiveError) -> Bool {
        for folder in [layout.dataDirectory, layout.quarantineDirectory, layout.logDirectory]
        where try holdsAny(folder) {
            return true
        }
        return false
    }

    private func holdsAny(_ directory: FilePath) throws(ArchiveError) -> Bool {
        guard try exists(directory) else { return false }
        return try !names(in: directory).isEmpty
    }

    /// Makes the archive's folder and those above it.
    private func make(_ root: FilePath) throws(ArchiveError) {
        do {
            try fileSystem.createDirectory(root)
        } catch {
            switch error.errno {
            case .fileExists: return
            case .noSuchFileOrDirectory where !root.removingLastComponent().isEmpty:
                try make(root.removingLastComponent())
                try createDirectory(root)
            default: throw ArchiveError(error)
            }
        }
        let parent = root.removingLastComponent()
        try synchronizeDirectory(parent.isEmpty ? "." : parent)
    }
}
