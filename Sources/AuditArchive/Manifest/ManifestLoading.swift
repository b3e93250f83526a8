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
            if case .unknownVersion = error {
                throw ArchiveError(
                    .damaged, "The archive cannot be used: \(error)", at: layout.manifest,
                    advice: "Use a version of captivateiq-export that knows it.")
            }
            throw ArchiveError(
                .damaged, "The manifest is damaged: \(error)", at: layout.manifest,
                advice: "Restore it from a copy of the archive. Nothing was changed.")
        }
    }

    /// The manifest of an archive that must be there.
    package func requireManifest(
        _ layout: ArchiveLayout
    ) throws(ArchiveError) -> (manifest: Manifest, statedTotals: Manifest.Totals) {
        if let loaded = try loadManifest(layout) { return loaded }
        guard try archiveCalls({ () throws(FileSystemError) in try status(of: layout.root) }) != nil else {
            throw ArchiveError(
                .absent, "There is no archive", at: layout.root, advice: "Check the setting `archive` (flag `--archive`).")
        }
        throw ArchiveError(
            .damaged, "There is no manifest", at: layout.manifest,
            advice: "Check that `--archive` names the archive's own folder; if it does, restore the manifest from a copy.")
    }
}
