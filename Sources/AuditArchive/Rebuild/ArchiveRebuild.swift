package import JSONText
import SystemPackage

/// Makes an archive's manifest anew from its data files alone, under the archive's lock, and publishes it as a commit
/// does: a crash leaves the old manifest or the new one.
package struct ArchiveRebuild: Sendable {
    private let layout: ArchiveLayout
    private let fileSystem: any FileSystem
    private let processID: Int32
    private let writer: String

    /// A rebuild of the archive that stands at `layout`. `writer`: program and version, for the manifest.
    package init(_ layout: ArchiveLayout, writer: String, fileSystem: any FileSystem, processID: Int32) {
        self.layout = layout
        self.writer = writer
        self.fileSystem = fileSystem
        self.processID = processID
    }

    /// Reads every file and writes the manifest, unless something is wrong with a file: then the report has all faults
    /// and nothing was changed.
    ///
    /// - Parameters:
    ///   - lookback: how long after its end a date stays open.
    ///   - parallelism: files that are read at once.
    /// - Throws: where there is no archive, nothing to make a manifest from, another process that holds the lock, a
    ///   manifest of a later format, or a file system that fails.
    package func run(
        lookback: Duration, now: Timestamp, parallelism: Int
    ) async throws(ArchiveError) -> RebuildReport {
        try requireArchive()
        try ArchiveOpening(fileSystem: fileSystem, layout: layout).makeFolders()
        let lock = try fileSystem.lockArchive(layout, processID: processID, now: now)
        defer { lock.unlock() }
        try Publisher(fileSystem: fileSystem, layout: layout, requiresManifest: false).recover()
        let old = try oldManifest()
        let inventory = try ArchiveInventory(fileSystem, layout)
        let check = InventoryCheck(fileSystem: fileSystem, layout: layout, inventory: inventory)
        let findings = await check.run(now: now, parallelism: parallelism)
        // A disk that fails says nothing about the files.
        if let failure = findings.failure { throw ArchiveError(failure) }
        var report = RebuildReport()
        report.faults = findings.faults.sorted()
        guard report.faults.isEmpty else { return report }
        try publish(findings, old, inventory.newestGeneration, lookback, now, &report)
        return report
    }

    private func publish(
        _ findings: InventoryCheck.Findings, _ old: Manifest?, _ newestGeneration: Int, _ lookback: Duration,
        _ now: Timestamp, _ report: inout RebuildReport
    ) throws(ArchiveError) {
        let files = findings.data.sorted { $0.key < $1.key }.map(\.value)
        let quarantine = findings.quarantine.sorted { $0.key < $1.key }.map(\.value)
        let hint = ManifestFactsFile(layout, fileSystem)
        let facts = RebuildFacts(
            manifest: old, hint: hint.load(), files: files, newestGeneration: newestGeneration)
        guard let facts else { throw nothingToRebuildFrom }
        var next = Manifest.rebuilt(
            files, quarantine, facts, organization: findings.organization, old: old,
            at: (now: now, lookback: lookback), writer: writer)
        next.lastEventTimestamp = findings.newest
        report.lost = next.noteLost(of: old)
        let journal = Journal(generation: next.generation, targets: [])
        try removeHintsOfSyncs()
        hint.remove()
        try JournalWriter(fileSystem: fileSystem, layout: layout).write(journal, next)
        try Publisher(fileSystem: fileSystem, layout: layout).publish(journal)
        hint.save(ManifestFacts(next))
        report.manifest = next
        report.source = facts.source
    }

    /// What syncs remember speaks of a generation, and the one that is made here may have been there before, with files
    /// that are lost. So it must not go on if one of them stays.
    private func removeHintsOfSyncs() throws(ArchiveError) {
        try archiveCalls { () throws(FileSystemError) in
            for hint in ArchiveLayout.SyncHint.allCases { try fileSystem.removeIfPresent(layout.hint(hint.rawValue)) }
        }
    }

    /// The manifest that is there, if it can be read. One of a later format is not this program's to replace.
    private func oldManifest() throws(ArchiveError) -> Manifest? {
        let bytes = try archiveCalls { () throws(FileSystemError) in
            try fileSystem.status(of: layout.manifest)?.kind == .file
                ? try fileSystem.contents(of: layout.manifest) : nil
        }
        guard let bytes else { return nil }
        do {
            return try Manifest(decoding: bytes)
        } catch {
            guard case .unknownVersion = error else { return nil }
            throw .unknownVersion(error, at: layout.manifest)
        }
    }

    /// Something of an archive has to be there before folders are made.
    private func requireArchive() throws(ArchiveError) {
        let places = [layout.manifest, layout.dataDirectory, layout.quarantineDirectory, layout.journal]
        let isThere = try archiveCalls { () throws(FileSystemError) in
            for place in places where try fileSystem.status(of: place) != nil { return true }
            return false
        }
        guard !isThere else { return }
        throw ArchiveError(
            .absent, "There is no archive to rebuild", at: layout.root,
            advice:
                "Check the setting `archive` (flag `--archive`); a new archive begins with `captivateiq-export sync`.")
    }

    private var nothingToRebuildFrom: ArchiveError {
        ArchiveError(
            .damaged, "There are no events to rebuild the manifest from", at: layout.root,
            advice: "Nothing was changed. If this is the archive's folder, restore its files from a copy; or empty it "
                + "and begin anew with `captivateiq-export sync --backfill-start-time`.")
    }
}

extension Manifest {
    /// The manifest of these files. ``lastEventTimestamp`` is left to the caller.
    fileprivate static func rebuilt(
        _ files: [DataFile], _ quarantine: [QuarantineFile], _ facts: RebuildFacts, organization: ArchiveOrganization?,
        old: Manifest?, at time: (now: Timestamp, lookback: Duration), writer: String
    ) -> Manifest {
        // The name that was archived first may not be that of the first event.
        let known = facts.organization.flatMap { $0.id == organization?.id || organization == nil ? $0 : nil }
        let start = files.map(\.firstEventTimestamp).reduce(facts.startTimestamp, min)
        var base = Manifest(
            generation: facts.generation, writtenAt: time.now, writer: writer, startTimestamp: facts.startTimestamp)
        base.partitions = old?.partitions ?? []
        return successor(
            of: base, adding: files, quarantine: quarantine,
            CommitFacts(
                startTimestamp: start, organization: known ?? organization, pending: facts.pending,
                lookback: time.lookback, now: time.now),
            writer: writer)
    }

    /// Plans to fetch again what the old manifest's files held that are gone or differ, and names them.
    fileprivate mutating func noteLost(of old: Manifest?) -> [String] {
        let found = Dictionary(files.map { ($0.name, $0) }) { first, _ in first }
        let lost = (old?.files ?? []).filter { found[$0.name] != $0 }
        for file in lost {
            pending.insert(TimeRange(from: file.firstEventTimestamp, through: file.lastEventTimestamp))
        }
        return lost.map(\.name.path)
    }
}
