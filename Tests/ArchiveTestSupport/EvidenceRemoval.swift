package import AuditArchive
import SystemPackage

extension FileSystem {
    /// Leaves an archive as one that has no evidence yet, which would tell of whatever a test then changes by hand.
    package func dropEvidence(_ layout: ArchiveLayout) throws {
        var manifest = try requireManifest(layout).manifest
        manifest.evidence = nil
        try remove(layout.manifest)
        try createDurably(layout.manifest, manifest.encoded())
        try removeAll(layout.root.appending("evidence"))
        try removeIfPresent(layout.privateDirectory.appending("evidence-head.json"))
    }

    private func removeAll(_ path: FilePath) throws {
        guard let status = try status(of: path) else { return }
        guard status.kind == .directory else { return try remove(path) }
        for name in try names(in: path) { try removeAll(path.appending(name)) }
        try removeDirectory(path)
    }
}
