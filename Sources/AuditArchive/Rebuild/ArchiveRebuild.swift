package import CivilTime
import SystemPackage

/// Makes an archive's manifest anew from its data files alone, under the archive's lock, and publishes it as a commit
/// does: a crash leaves the old manifest or the new one.
package struct ArchiveRebuild: Sendable {
    private let layout: ArchiveLayout
    private let fileSystem: any FileSystem
    private let processID: Int32
    private let writer: String
    private let archiveID: String
    private let evidence: EvidenceSettings

    /// A rebuild of the archive that stands at `layout`. `writer`: program and version, for the manifest. `archiveID`: the
    /// archive's name, if nothing tells that any more. `evidence`: who signs what the rebuild did.
    package init(
        _ layout: ArchiveLayout, writer: String, fileSystem: any FileSystem, processID: Int32,
        archiveID: String = ArchiveID.random(), evidence: EvidenceSettings = EvidenceSettings()
    ) {
        self.evidence = evidence
        self.archiveID = archiveID
        self.layout = layout
        self.writer = writer
        self.fileSystem = fileSystem
        self.processID = processID
    }

    /// Reads every file and writes the manifest, unless something is wrong with a file: then the report has all faults
    /// and nothing was changed.
    ///
    /// - Parameter parallelism: files that are read at once.
    /// - Throws: where there is no archive, nothing to make a manifest from, another process that holds the lock, a
    ///   manifest of a later format, or a file system that fails.
    package func run(
        now: Timestamp, parallelism: Int
    ) async throws(ArchiveError) -> RebuildReport {
        let fileSystem = LenientFileSystem(fileSystem)
        let archive = ArchiveDirectory(layout, fileSystem)
        try archive.checkRoot()
        try requireArchive(archive)
        try archive.makeFolders()
        let lock = try archive.lock(processID: processID, now: now)
        defer { lock.unlock() }
        // Before anything is changed: one of a later format is not this program's to touch.
        _ = try oldManifest(archive)
        let losses = try JournalMending(archive).run()
        var recorder = EvidenceRecorder(archive, evidence)
        let manifest = try oldManifest(archive)
        let log = try recorder.resume(after: manifest)
        // What the log does not vouch for may have been altered by anyone: the log and the private folder tell instead.
        let witness = log.vouchesForManifest ? manifest : nil
        let inventory = try ArchiveInventory(archive)
        let check = InventoryCheck(archive: archive, inventory: inventory)
        let findings = await check.run(now: now, parallelism: parallelism, log.replay)
        // A disk that fails says nothing about the files.
        if let failure = findings.failure { throw ArchiveError(failure) }
        var report = RebuildReport()
        report.faults = findings.faults.sorted()
        guard report.faults.isEmpty else { return report }
        let course = RebuildCourse(
            archive: archive, writer: writer, archiveID: archiveID, now: now,
            compression: CompressionSettings(level: 6, parallelism: parallelism))
        try removeHintsOfSyncs(archive)
        do throws(ArchiveError) {
            try await course.publish(findings, inventory, witness, losses, &recorder, &report)
        } catch {
            // Best effort: the next session empties the folder before it writes.
            try? ArchiveCommit(archive).discardUnlessJournaled()
            throw error
        }
        if log.isLost { report.lost = ([ArchiveLayout.logDirectoryPath] + report.lost).sorted() }
        if manifest != nil, witness == nil {
            report.warnings.append(
                "The manifest was not the one that the evidence log names: what it said was not used")
        }
        // Nothing is in them; one that stays is reported by `verify`.
        for folder in inventory.emptyFolders { try? fileSystem.removeDirectory(layout.absolute(folder)) }
        report.warnings += fileSystem.warnings + recorder.warnings
        return report
    }

    /// What syncs remember speaks of a generation, and the one that is made here may have been there before, with files
    /// that are lost. So it must not go on if one of them stays.
    private func removeHintsOfSyncs(_ archive: ArchiveDirectory) throws(ArchiveError) {
        for hint in ArchiveLayout.SyncHint.allCases { try archive.removeIfPresent(layout.hint(hint.rawValue)) }
    }

    /// The manifest that is there, if it can be read. One of a later format is not this program's to replace.
    private func oldManifest(_ archive: ArchiveDirectory) throws(ArchiveError) -> Manifest? {
        guard let bytes = try archive.contents(ofFile: layout.manifest) else { return nil }
        do {
            return try Manifest(decoding: bytes)
        } catch {
            guard case .unknownVersion = error else { return nil }
            throw .unknownVersion(error, at: layout.manifest)
        }
    }

    /// Something of an archive has to be there before folders are made.
    private func requireArchive(_ archive: ArchiveDirectory) throws(ArchiveError) {
        for place in [
            layout.manifest, layout.dataDirectory, layout.quarantineDirectory, layout.journal, layout.logDirectory
        ]
        where try archive.exists(place) { return }
        throw ArchiveError(
            .absent, "There is no archive to rebuild", at: layout.root,
            hint:
                "Check the setting `archive` (flag `--archive`); a new archive begins with `captivateiq-export sync`.")
    }
}

/// What a rebuild of the manifest did, or why it did nothing.
package struct RebuildReport: Sendable {
    /// Where what the data files cannot tell came from.
    package enum Source: String, Sendable {
        /// The manifest that was there.
        case manifest
        /// What the last commit left in the private folder.
        case hint
        /// The evidence: what lies between the start and the newest event is to be walked again, and nothing is lost.
        case evidence
        /// The events themselves: the first one is the start, and all up to the newest is to be walked again.
        case events
    }

    /// The manifest now; `nil` if it was not rebuilt.
    package var manifest: Manifest?

    /// Where its start and what is left to fetch came from.
    package var source = Source.events

    /// Files, and folders of dates, that the old manifest, the last commit's notes or an unfinished commit name but that
    /// are gone or other than they say, sorted; their times are to be fetched again.
    package var lost: [String] = []

    /// Lines that held an event which was there already, and were taken out.
    package var duplicates = 0

    /// What a person should know of the file system.
    package var warnings: [String] = []

    /// Whether it was done, but something that the archive had is gone, or nothing tells what it had.
    package var isIncomplete: Bool { manifest != nil && (source == .events || !lost.isEmpty) }

    /// Everything that must be put right first, sorted; nothing was changed if there is any.
    package var faults: [ArchiveFault] = []

    /// A report of nothing done yet.
    package init() {}
}
