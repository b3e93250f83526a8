import SystemPackage

extension FileSystem {
    /// The archive's manifest and the totals it states; `nil` where there is no such file.
    package func loadManifest(
        _ layout: ArchiveLayout
    ) throws(ArchiveError) -> (manifest: Manifest, statedTotals: Manifest.Totals)? {
        guard let bytes = try archiveCalls({ () throws(FileSystemError) in try contents(of: layout.manifest) }) else {
            return nil
        }
        do {
            var totals = Manifest.Totals()
            return (try Manifest(decoding: bytes, statedTotals: &totals), totals)
        } catch {
            if case .unknownVersion = error { throw .unknownVersion(error, at: layout.manifest) }
            throw ArchiveError(
                .damaged, "The manifest is damaged: \(error)", at: layout.manifest,
                advice:
                    "Nothing was changed. Make it anew with `captivateiq-export rebuild`, or restore it from a copy.")
        }
    }

    /// The manifest of an archive that must be there.
    package func requireManifest(
        _ layout: ArchiveLayout
    ) throws(ArchiveError) -> (manifest: Manifest, statedTotals: Manifest.Totals) {
        try checkRoot(layout)
        if let loaded = try loadManifest(layout) { return loaded }
        guard try archiveCalls({ () throws(FileSystemError) in try status(of: layout.root) }) != nil else {
            throw ArchiveError(
                .absent, "There is no archive", at: layout.root,
                advice: "Check the setting `archive` (flag `--archive`).")
        }
        guard try ArchiveOpening(fileSystem: self, layout: layout).hasData() else {
            throw ArchiveError(
                .absent, "Nothing was committed to this archive yet", at: layout.root,
                advice: "Check that `--archive` names the archive's own folder; a new archive begins with "
                    + "`captivateiq-export sync`.")
        }
        throw ArchiveError(
            .damaged, "There is no manifest", at: layout.manifest,
            advice: "Check that `--archive` names the archive's own folder; if it does, make the manifest anew with "
                + "`captivateiq-export rebuild`, or restore it from a copy.")
    }
}

extension ArchiveError {
    /// The manifest is of a format that a later program wrote.
    static func unknownVersion(_ error: ManifestError, at path: FilePath) -> ArchiveError {
        ArchiveError(
            .damaged, "The archive cannot be used: \(error)", at: path,
            advice: "Use a version of captivateiq-export that knows it.")
    }
}
