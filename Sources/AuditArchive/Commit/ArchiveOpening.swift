import SystemPackage

/// The first steps of a session: folders, and the manifest of an archive that is there or not yet.
struct ArchiveOpening {
    let fileSystem: any FileSystem
    let layout: ArchiveLayout

    /// Makes the archive's folder and the private ones unless they are there.
    func makeFolders() throws(ArchiveError) {
        try fileSystem.checkRoot(layout)
        try archiveCalls { () throws(FileSystemError) in
            try makeRoot(layout.root)
            try fileSystem.ensureDirectory(layout.privateDirectory)
            try fileSystem.ensureDirectory(layout.stagingDirectory)
            try fileSystem.synchronizeDirectory(layout.privateDirectory)
            try fileSystem.synchronizeDirectory(layout.root)
        }
    }

    /// The manifest, or `nil` for an archive that is yet to begin. Data files without a manifest are damage, never an
    /// empty archive.
    func loadManifest() throws(ArchiveError) -> Manifest? {
        if let loaded = try fileSystem.loadManifest(layout) {
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

    /// Whether the folders of data and quarantine hold anything.
    func hasData() throws(ArchiveError) -> Bool {
        try archiveCalls { () throws(FileSystemError) in
            if try holdsAny(layout.dataDirectory) { return true }
            return try holdsAny(layout.quarantineDirectory)
        }
    }

    private func holdsAny(_ directory: FilePath) throws(FileSystemError) -> Bool {
        guard try fileSystem.status(of: directory) != nil else { return false }
        return try !fileSystem.names(in: directory).isEmpty
    }

    private func makeRoot(_ root: FilePath) throws(FileSystemError) {
        do {
            try fileSystem.createDirectory(root)
        } catch {
            switch error.errno {
            case .fileExists: return
            case .noSuchFileOrDirectory where !root.removingLastComponent().isEmpty:
                try makeRoot(root.removingLastComponent())
                try fileSystem.createDirectory(root)
            default: throw error
            }
        }
        let parent = root.removingLastComponent()
        try fileSystem.synchronizeDirectory(parent.isEmpty ? "." : parent)
    }
}
