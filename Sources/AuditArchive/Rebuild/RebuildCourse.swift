import CivilTime

/// The second half of a rebuild: from what was found to the manifest in its place.
struct RebuildCourse {
    let archive: ArchiveDirectory
    let writer: String
    let archiveID: String
    let now: Timestamp
    let compression: CompressionSettings

    /// Takes out events that are there twice, makes the manifest and publishes both as one commit.
    func publish(
        _ findings: InventoryCheck.Findings, _ inventory: ArchiveInventory, _ old: Manifest?,
        _ losses: [JournalMending.Loss], _ recorder: inout EvidenceRecorder, _ report: inout RebuildReport
    ) async throws(ArchiveError) {
        var files = findings.data.sorted { $0.key < $1.key }.map(\.value)
        files.takeHistory(of: old?.files ?? [])
        let newest = max(inventory.newestGeneration, KnownGenerations(archive).newest)
        let found = RecoveredMetadata(
            manifest: old, sidecar: ManifestSidecarFile(archive).load(), files: files, newestGeneration: newest,
            replay: findings.evidence.replay)
        guard var found else { throw nothingToRebuildFrom }
        found.add(losses)
        let quarantine = findings.quarantine.sorted { $0.key < $1.key }.map(\.value)
        found.addLost(findings.evidence.lost(files, quarantine))
        let (staged, aside) = try await stage(
            findings, inventory, quarantine, generation: found.metadata.generation + 1)
        var change = CommitChange()
        (change.added, change.quarantine, change.removed) = (staged.files, staged.quarantine, staged.removed)
        change.quarantine += aside.files
        (change.removedQuarantine, change.roots) = (aside.removed, aside.roots)
        change.prunedDates = found.prunedDates(among: files)
        // What lies on a date that was pruned is taken away with it.
        let pruned = Set(change.prunedDates)
        change.added.removeAll { pruned.contains($0.name.date) }
        change.removed = change.removed.filter { !pruned.contains($0.date) }
        var next = manifest(files, quarantine, change, found, findings.organization)
        let untouched = findings.newest.filter { index, _ in
            let name = inventory.data[index]
            return !staged.removed.contains(name) && !pruned.contains(name.date)
        }
        next.lastEventTimestamp = (untouched.map(\.value) + [staged.newest].compactMap(\.self)).max()
        change.operations = findings.evidence.operations(
            generation: next.generation, files.filter { !pruned.contains($0.name.date) },
            quarantine.filter { !aside.removed.contains($0.name) },
            pending: next.pending, staged.without(pruned))
        for file in staged.quarantine { change.roots[.quarantine(file.name)] = staged.quarantineRoot }
        try publish(&next, change, &recorder)
        report.manifest = next
        report.source = found.source
        report.lost = found.lost.sorted()
        report.duplicates = findings.duplicates.count
    }

    /// Writes the data files and the quarantine files anew that hold what must not come back.
    private func stage(
        _ findings: InventoryCheck.Findings, _ inventory: ArchiveInventory, _ quarantine: [QuarantineFile],
        generation: Int
    ) async throws(ArchiveError) -> (data: DuplicateRemoval.Outcome, aside: ReturnedQuarantine.Outcome) {
        let removal = DuplicateRemoval(archive: archive, compression: compression, generation: generation, now: now)
        let returned = ReturnedQuarantine(
            archive: archive, compression: compression, generation: generation, evidence: findings.evidence)
        let erased = try ErasedLineSearch(archive: archive).lines(in: inventory.data, findings.evidence)
        let data = try await removal.run(
            findings.duplicates, erased: erased, returned: findings.returned, names: inventory.data,
            quarantine: quarantine)
        return (data, try await returned.run(quarantine, firstPart: data.quarantine.count))
    }

    private func publish(
        _ next: inout Manifest, _ change: CommitChange, _ recorder: inout EvidenceRecorder
    ) throws(ArchiveError) {
        let follows = try archive.contents(ofFile: archive.layout.manifest).map(ManifestSeal.identity(of:))
        var commit = ArchiveCommit(archive)
        let metadata = CommitMetadata(keeping: next, now: next.writtenAt)
        try commit.run(change, metadata, from: nil, follows: follows, making: &next, &recorder)
    }

    private func manifest(
        _ files: [DataFile], _ quarantine: [QuarantineFile], _ change: CommitChange, _ found: RecoveredMetadata,
        _ organization: ArchiveOrganization?
    ) -> Manifest {
        let metadata = found.metadata
        // The name that was archived first may not be that of the first event.
        let known = metadata.organization.flatMap { $0.id == organization?.id || organization == nil ? $0 : nil }
        var said = CommitMetadata(
            startTimestamp: files.map(\.firstEventTimestamp).reduce(metadata.startTimestamp, min),
            organization: known ?? organization, pending: metadata.pending, now: now)
        said.syncedTo = metadata.syncedTo
        var before = metadata.predecessor(writtenAt: now, writer: writer)
        (before.files, before.quarantine) = (files, quarantine)
        return Manifest.successor(of: before, change, said, writer: writer, archiveID: archiveID)
    }

    private var nothingToRebuildFrom: ArchiveError {
        ArchiveError(
            .damaged, "There are no events to rebuild the manifest from", at: archive.layout.root,
            hint: "Nothing was changed. If this is the archive's folder, restore its files from a copy; or empty it "
                + "and begin anew with `captivateiq-export sync --backfill-start-time`.")
    }
}

extension [DataFile] {
    /// What only the old manifest can tell of a file that is still the same.
    fileprivate mutating func takeHistory(of old: [DataFile]) {
        let known = Dictionary(old.map { ($0.name, $0) }) { first, _ in first }
        for index in indices {
            guard let before = known[self[index].name], before.sha256 == self[index].sha256 else { continue }
            (self[index].archivedAt, self[index].replaces) = (before.archivedAt, before.replaces)
        }
    }
}
