/// What can be said of an archive without reading its events: the manifest, and whether what it names is there.
package struct ArchiveInspection: Sendable {
    /// The newest manifest.
    package var manifest: Manifest
    /// The named files that are missing, are something else, or have another size.
    package var faults: [ArchiveFault] = []
    /// What is in quarantine; `nil` where that cannot be read.
    package var quarantine: QuarantineTally?

    private static let mostPasses = 5

    /// What was found elsewhere.
    package init(manifest: Manifest, faults: [ArchiveFault] = [], quarantine: QuarantineTally? = nil) {
        self.manifest = manifest
        self.faults = faults
        self.quarantine = quarantine
    }

    /// Looks at an archive. It takes no lock: what a commit beside this has taken away, or one that was not finished, is not
    /// missing.
    ///
    /// - Throws: `ArchiveError` where there is no manifest, or none that can be read, and where a file cannot be looked at.
    package init(_ layout: ArchiveLayout, fileSystem: any FileSystem) throws(ArchiveError) {
        let archive = ArchiveDirectory(layout, fileSystem)
        manifest = try archive.requireManifest().manifest
        for _ in 1...Self.mostPasses {
            var commit = CommitInProgress(archive)
            let start = commit.moment
            manifest = try archive.requireManifest().manifest
            faults = try Self.faults(manifest, archive)
            guard !faults.isEmpty else { break }
            let after = CommitInProgress(archive)
            commit.add(after)
            faults.removeAll { commit.explains($0) }
            if faults.isEmpty || after.moment == start { break }
        }
        quarantine = try? QuarantineReader(archive: archive).tally(manifest.quarantine)
    }

    private static func faults(
        _ manifest: Manifest, _ archive: ArchiveDirectory
    ) throws(ArchiveError) -> [ArchiveFault] {
        var faults: [ArchiveFault] = []
        for file in manifest.files {
            if let fault = try fault(of: file.name.path, size: file.size, archive) { faults.append(fault) }
        }
        for file in manifest.quarantine {
            if let fault = try fault(of: file.name.path, size: file.size, archive) { faults.append(fault) }
        }
        return faults
    }

    private static func fault(
        of path: String, size: Int, _ archive: ArchiveDirectory
    ) throws(ArchiveError) -> ArchiveFault? {
        guard let status = try archive.status(of: archive.layout.absolute(path)) else {
            return ArchiveFault(.missingFile, path, "is missing")
        }
        guard status.kind == .file else {
            return ArchiveFault(.notAFile, path, "is a \(status.kind.name), not a file")
        }
        guard status.size == size else {
            return ArchiveFault(.size, path, "has \(status.size) bytes, and the manifest says \(size)")
        }
        return nil
    }
}

/// How many records are in quarantine, and why.
package struct QuarantineTally: Sendable, Equatable {
    /// Other versions of events that are archived as they came first: the vendor changed them afterwards.
    package var changed = 0
    /// Records that could not be archived.
    package var refused = 0

    /// Counts nothing yet.
    package init(changed: Int = 0, refused: Int = 0) {
        self.changed = changed
        self.refused = refused
    }
}
