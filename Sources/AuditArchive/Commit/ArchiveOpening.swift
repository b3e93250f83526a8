import SystemPackage

/// The first steps of a session: folders, and the manifest of an archive that is there or not yet.
extension ArchiveDirectory {
    /// Makes sure that there is an archive, or that one may begin here, before anything is changed.
    ///
    /// - Parameter creates: Whether one may begin.
    func checkBeginning(creates: Bool) throws(ArchiveError) {
        try checkRoot()
        if try hasBegun() { return }
        let names = try exists(layout.root) ? names(in: layout.root) : []
        if try hasData() {
            // Another process may have made its first commit between the two looks.
            if try hasBegun() { return }
            throw dataWithoutManifest
        }
        if let other = names.first(where: { !ArchiveLayout.namesBeforeTheFirstCommit.contains($0) }) {
            throw ArchiveError(
                .absent, "The folder is no archive, and holds something else (\(other))", at: layout.root,
                advice:
                    "Nothing was changed. Check the setting `archive` (flag `--archive`): a new archive needs a folder "
                    + "of its own, which is missing or empty.")
        }
        guard !creates else { return }
        throw ArchiveError(
            .absent,
            names.contains(ArchiveLayout.privateDirectoryName)
                ? "Nothing was committed to this archive yet, and `create` is off"
                : "There is no archive, and `create` is off",
            at: layout.root,
            advice:
                "Nothing was changed. Check the setting `archive` (flag `--archive`), and that its disk is mounted. If a "
                + "new archive is meant to begin here, run `captivateiq-export sync --create` once.")
    }

    /// Whether there is a manifest, or a commit that is about to publish one. In this order a first commit beside this is
    /// seen before or after.
    private func hasBegun() throws(ArchiveError) -> Bool {
        if try exists(layout.journal) { return true }
        return try exists(layout.manifest)
    }

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
            throw dataWithoutManifest
        }
        return nil
    }

    private var dataWithoutManifest: ArchiveError {
        ArchiveError(
            .damaged, "There are data files but no manifest", at: layout.manifest,
            advice: "Nothing was fetched or changed. Make the manifest anew with `captivateiq-export rebuild`, or "
                + "restore it from a copy.")
    }

    /// Whether the folders of data and quarantine hold anything.
    func hasData() throws(ArchiveError) -> Bool {
        if try holdsAny(layout.dataDirectory) { return true }
        return try holdsAny(layout.quarantineDirectory)
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
