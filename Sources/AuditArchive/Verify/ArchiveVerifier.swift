/// Checks every file of an archive against its manifest, and the manifest against them. It takes no lock and writes
/// nothing, so it works on a copy that may only be read, and beside a sync.
package struct ArchiveVerifier: Sendable {
    private static let maximumPasses = 5

    private let archive: ArchiveDirectory
    private let trust: EvidenceTrust

    /// A verifier of the archive that stands at `layout`. `trust`: the key and the heads that its evidence must fit.
    package init(_ layout: ArchiveLayout, fileSystem: any FileSystem, trust: EvidenceTrust = EvidenceTrust()) {
        archive = ArchiveDirectory(layout, fileSystem)
        self.trust = trust
    }

    /// Checks the archive, at most `parallelism` files at once, and says all that is wrong with it.
    ///
    /// Another command may commit meanwhile, and what it publishes or takes away is no fault. What cannot be told from
    /// damage at the first look counts where the archive stood still, or where the next look finds it again.
    ///
    /// - Parameter report: is called after each file.
    /// - Throws: `ArchiveError` only where there is no manifest, or none that can be read.
    package func verify(
        parallelism: Int, report: (VerificationProgress) -> Void = { _ in }
    ) async throws(ArchiveError) -> Verification {
        var verification = Verification(generation: 0)
        var suspects: Set<ArchiveFault.Place> = []
        for _ in 1...Self.maximumPasses {
            var commit = CommitInProgress(archive)
            let loaded = try archive.requireManifest()
            let pass = VerificationPass(
                archive: archive, manifest: loaded.manifest, statedTotals: loaded.statedTotals, trust: trust)
            verification = await pass.run(parallelism: parallelism, report)
            if let fault = commit.fault { verification.faults.append(fault) }
            guard !verification.faults.isEmpty else { return verification }
            // In this order a published file is in the journal or, once that is gone, in the manifest.
            let after = CommitInProgress(archive)
            let stoodStill = after.moment == commit.moment
            commit.add(after)
            commit.add(try archive.requireManifest().manifest.paths)
            let isHeadAhead = verification.evidence.isHeadAhead
            verification.faults.removeAll { commit.explains($0, isHeadAhead: isHeadAhead) }
            if stoodStill || verification.faults.isEmpty { break }
            let found = verification.faults
            verification.faults.removeAll { !suspects.contains($0.place) }
            if verification.faults.count == found.count { break }
            suspects = Set(found.map(\.place))
        }
        verification.faults.sort()
        return verification
    }
}

extension Manifest {
    /// The paths of all files it names.
    var paths: [String] { files.map(\.name.path) + quarantine.map(\.name.path) }
}

/// What a verification found.
package struct Verification: Sendable {
    /// The generation that was checked.
    package var generation: Int

    /// Every fault, sorted; empty for a sound archive.
    package var faults: [ArchiveFault] = []

    /// What is there beside the archive and does it no harm, sorted.
    package var notes: [ArchiveFault] = []

    /// How many files and folders have faults: one that has several counts once.
    package var badFiles: Int { Set(faults.map(\.path)).count }

    /// Data files that were read.
    package var files = 0

    /// Lines in them.
    package var records = 0

    /// Their bytes on disk.
    package var size = 0

    /// Their bytes of NDJSON.
    package var uncompressedSize = 0

    /// What was found of the evidence.
    package var evidence = EvidenceSummary()

    /// Quarantine files that were read.
    package var quarantineFiles = 0

    /// Lines in them.
    package var quarantinedRecords = 0

    init(generation: Int) {
        self.generation = generation
    }

    mutating func add(_ file: FileDigest) {
        files += 1
        records += file.records
        size += file.size
        uncompressedSize += file.uncompressedSize
    }
}
