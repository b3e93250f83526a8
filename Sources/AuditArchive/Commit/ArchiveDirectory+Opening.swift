import SystemPackage

extension FileSystem {
    /// Makes sure that there is an archive, or that a sync may begin one, as the sync does before it changes anything.
    ///
    /// - Parameter creates: Whether one may begin.
    /// - Returns: Whether there is one. Its first commit may be left to the next sync to finish.
    /// - Throws: `ArchiveError` of the kind `absent` where no archive is and none may begin, and where the folder holds
    ///   something else; of the kind `damaged` where there is data without a manifest.
    package func checkBeginning(_ layout: ArchiveLayout, creates: Bool) throws(ArchiveError) -> Bool {
        try ArchiveDirectory(layout, self).checkBeginning(creates: creates)
    }
}

/// The first steps of a session: folders, and the manifest of an archive that is there or not yet.
extension ArchiveDirectory {
    /// Makes sure that there is an archive, or that one may begin here, before anything is changed.
    ///
    /// - Parameter creates: Whether one may begin; `nil` where there has to be one, whatever the setting `create` says.
    /// - Returns: Whether there is one. Its first commit may be left to the next session to finish.
    @discardableResult
    func checkBeginning(creates: Bool?) throws(ArchiveError) -> Bool {
        try checkRoot()
        if try hasBegun() { return true }
        guard let creates else {
            _ = try requireManifest()
            return true
        }
        let isThere = try exists(layout.root)
        if !isThere { try checkParents() }
        let names = try isThere ? names(in: layout.root) : []
        if try hasData() {
            // Another process may have made its first commit between the two looks.
            if try hasBegun() { return true }
            throw dataWithoutManifest
        }
        if let other = names.first(where: { !ArchiveLayout.namesBeforeTheFirstCommit.contains($0) }) {
            throw ArchiveError(
                .absent, "The folder is no archive, and holds something else (\(other))", at: layout.root,
                hint:
                    "Nothing was changed. Check the setting `archive` (flag `--archive`): a new archive needs a folder "
                    + "of its own, which is missing or empty.")
        }
        guard !creates else { return false }
        throw ArchiveError(
            .absent,
            names.contains(ArchiveLayout.privateDirectoryName)
                ? "Nothing was committed to this archive yet, and `create` is off"
                : "There is no archive, and `create` is off",
            at: layout.root,
            hint:
                "Nothing was changed. Check the setting `archive` (flag `--archive`), and that its disk is mounted. If a "
                + "new archive is meant to begin here, run `captivateiq-export sync --create` once.")
    }

    /// Makes sure that the archive's folder can be made: a link above it that leads nowhere is most likely a disk that is not
    /// mounted.
    private func checkParents() throws(ArchiveError) {
        var place = layout.root
        while place.removeLastComponent(), !place.isEmpty {
            switch try kind(of: place) {
            case nil: continue
            case .directory: return
            case .link where (try? kind(of: place.appending("."))) == .directory: return
            case .link: throw .linkToNoFolder(at: place)
            case .file, .other: throw ArchiveError(FileSystemError(.mkdir, place, .notDirectory))
            }
        }
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
            hint: "Nothing was fetched or changed. Make the manifest anew with `captivateiq-export rebuild`, or "
                + "restore it from a copy.")
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
