import SystemPackage

/// A manifest, and the totals that its text states.
package typealias LoadedManifest = (manifest: Manifest, statedTotals: Manifest.Totals)

extension FileSystem {
    /// The manifest of an archive that must be there, and the totals it states.
    package func requireManifest(_ layout: ArchiveLayout) throws(ArchiveError) -> LoadedManifest {
        try ArchiveDirectory(layout, self).requireManifest()
    }
}

extension ArchiveDirectory {
    /// The archive's manifest and the totals it states; `nil` where there is no such file.
    func loadManifest() throws(ArchiveError) -> LoadedManifest? {
        var totals = Manifest.Totals()
        if let lines = try fileLines(), let manifest = try? Manifest(lines, &totals) { return (manifest, totals) }
        guard let bytes = try contents(of: layout.manifest) else { return nil }
        do {
            return (try Manifest(decoding: bytes, statedTotals: &totals), totals)
        } catch {
            if case .unknownVersion = error { throw .unknownVersion(error, at: layout.manifest) }
            throw ArchiveError(
                .damaged, "The manifest is damaged: \(error)", at: layout.manifest,
                hint:
                    "Nothing was changed. Make it anew with `captivateiq-export rebuild`, or restore it from a copy.")
        }
    }

    /// The manifest's files, read piece by piece: the text of a large archive's would take more memory than all the rest.
    private func fileLines() throws(ArchiveError) -> FileLines? {
        do {
            return try fileSystem.reading(layout.manifest) { (file) throws(FileSystemError) in
                try FileLines { (buffer) throws(FileSystemError) in try file.read(upTo: 1 << 17, into: &buffer) }
            }.flatMap(\.self)
        } catch {
            throw ArchiveError(error)
        }
    }

    /// The digest of the manifest that is in place, whatever it is; `nil` where there is none.
    func manifestIdentity() throws(ArchiveError) -> String? {
        try contents(of: layout.manifest).map(ManifestSeal.identity(of:))
    }

    /// The manifest of an archive that must be there.
    func requireManifest() throws(ArchiveError) -> LoadedManifest {
        try checkRoot()
        if let loaded = try loadManifest() { return loaded }
        guard try exists(layout.root) else {
            throw ArchiveError(
                .absent, "There is no archive", at: layout.root,
                hint: "Check the setting `archive` (flag `--archive`).")
        }
        guard try hasData() else {
            throw ArchiveError(
                .absent, "Nothing was committed to this archive yet", at: layout.root,
                hint: "Check that `--archive` names the archive's own folder; a new archive begins with "
                    + "`captivateiq-export sync`.")
        }
        throw ArchiveError(
            .damaged, "There is no manifest", at: layout.manifest,
            hint: "Check that `--archive` names the archive's own folder; if it does, make the manifest anew with "
                + "`captivateiq-export rebuild`, or restore it from a copy.")
    }
}

extension ArchiveError {
    /// The manifest is of a format that a later program wrote.
    static func unknownVersion(_ error: ManifestError, at path: FilePath) -> ArchiveError {
        ArchiveError(
            .unknownVersion, "The archive cannot be used: \(error)", at: path,
            hint: "Use a version of captivateiq-export that knows it.")
    }
}
