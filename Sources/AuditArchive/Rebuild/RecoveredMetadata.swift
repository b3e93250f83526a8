import CivilTime

/// What the data files cannot tell, from the best witnesses there are, and what they name that is gone.
struct RecoveredMetadata {
    /// Which witness counts.
    private(set) var source: RebuildReport.Source
    /// What it says; its generation is the newest that any witness or file knows of.
    private(set) var metadata: ManifestSidecar
    /// Paths of what a witness names and the archive has no more, or otherwise.
    private(set) var lost: Set<String> = []

    /// Decides; `nil` if there is neither a witness nor an event.
    ///
    /// - The manifest that is there counts wherever it can be read, else the sidecar of a commit.
    /// - Without either the first event is the start, and what lies between it and the newest has to prove itself anew.
    /// - No witness hides anything: what it names and is not there is to be fetched again, and so is what may lie between
    ///   a start that it does not know of yet and its own.
    /// - What was pruned and what is held the evidence tells, where no manifest of its last commit does.
    init?(
        manifest: Manifest?, sidecar: ManifestSidecar?, files: [DataFile], newestGeneration: Int,
        replay: EvidenceReplay? = nil
    ) {
        if let witness = manifest.map(ManifestSidecar.init) ?? sidecar {
            source = manifest == nil ? .hint : .manifest
            metadata = witness
        } else if let replay, let start = replay.startTimestamp {
            source = .evidence
            metadata = ManifestSidecar(replay, start, generation: newestGeneration)
            if let last = files.map(\.lastEventTimestamp).max(), last > start {
                metadata.pending.insert(contentsOf: Range(from: start, through: last))
            }
            metadata.leaveOutPruned()
            return
        } else if let first = files.map(\.firstEventTimestamp).min(), let last = files.map(\.lastEventTimestamp).max() {
            source = .events
            metadata = ManifestSidecar(startTimestamp: first, generation: newestGeneration)
            metadata.pending.insert(contentsOf: Range(from: first, through: last))
            return
        } else {
            return nil
        }
        let generation = metadata.generation
        // An older manifest that was put back does not undo what was pruned since.
        if let sidecar, sidecar.generation > generation {
            metadata.pruned += sidecar.pruned.filter { !metadata.pruned.contains($0) }
            metadata.pruned.sort { $0.from < $1.from }
        }
        addEarlierStart(files.filter { $0.name.generation > generation })
        if let manifest { compare(manifest, files) }
        if let sidecar, manifest == nil || sidecar.digest != metadata.digest && sidecar.generation >= generation {
            compare(sidecar, files)
        }
        metadata.generation = max(generation, newestGeneration, sidecar?.generation ?? 0)
        if let replay, let commit = replay.lastCommit, manifest == nil || generation < commit.generation {
            (metadata.pruned, metadata.holds) = (replay.pruned, replay.holds)
        }
        metadata.leaveOutPruned()
    }

    /// Adds what the evidence knows and the archive has no more, unless a manifest told when that was.
    mutating func addLost(_ files: [EvidenceFile]) {
        for file in files where lost.insert(file.path).inserted {
            guard let date = file.data?.date else { continue }
            metadata.pending.insert(contentsOf: Range(of: date))
        }
        metadata.leaveOutPruned()
    }

    /// Whether a date was pruned: nothing of it is missed, and nothing brings it back.
    private func isPruned(_ date: CalendarDay) -> Bool { metadata.pruned.contains { $0.contains(date) } }

    /// The dates that were pruned and have files all the same, as an older copy brings them back.
    func prunedDates(among files: [DataFile]) -> [CalendarDay] {
        metadata.pruned.isEmpty ? [] : Set(files.map(\.name.date)).filter(isPruned).sorted()
    }

    /// Adds what a commit that could not be finished was to publish and is gone.
    mutating func add(_ losses: [JournalMending.Loss]) {
        for loss in losses {
            lost.insert(loss.path)
            if let times = loss.times { metadata.pending.insert(contentsOf: times) }
        }
    }

    /// Files that came after the witness and begin earlier than it wants: a start was moved back since, and nothing tells
    /// how far that gap was read.
    private mutating func addEarlierStart(_ newer: [DataFile]) {
        guard let first = newer.map(\.firstEventTimestamp).min(), first < metadata.startTimestamp else { return }
        metadata.pending.insert(contentsOf: Range(from: first, to: metadata.startTimestamp))
    }

    private mutating func compare(_ manifest: Manifest, _ files: [DataFile]) {
        let found = Dictionary(files.map { ($0.name, $0) }) { first, _ in first }
        for file in manifest.files
        where !isPruned(file.name.date) && !(found[file.name].map { $0.hasSameContent(as: file) } ?? false) {
            lost.insert(file.name.path)
            metadata.pending.insert(contentsOf: Range(from: file.firstEventTimestamp, through: file.lastEventTimestamp))
        }
    }

    /// Of a sidecar only the dates are known, and of those only what was there up to its generation.
    private mutating func compare(_ sidecar: ManifestSidecar, _ files: [DataFile]) {
        let found = Dictionary(grouping: files.filter { $0.name.generation <= sidecar.generation }, by: \.name.date)
        for date in sidecar.dates where !isPruned(date.date) {
            let there = found[date.date] ?? []
            guard ManifestSidecar.Date(there[...], date.date, date.state) != date else { continue }
            let folder = DataFileName.directory(of: date.date)
            if !lost.contains(where: { $0.hasPrefix(folder) }) { lost.insert(folder) }
            metadata.pending.insert(contentsOf: Range(of: date.date))
        }
    }
}

extension ManifestSidecar {
    /// Nothing of what was pruned is still to be read.
    fileprivate mutating func leaveOutPruned() {
        for run in pruned {
            pending.remove(contentsOf: Range(from: run.from.start, to: run.to.advanced(by: 1).start))
        }
    }

    /// What the evidence tells of an archive of which nothing else is known.
    fileprivate init(_ replay: EvidenceReplay, _ start: Timestamp, generation: Int) {
        self.init(startTimestamp: start, generation: max(generation, replay.lastCommit?.generation ?? 0))
        (archiveID, organization) = (replay.archiveID, replay.organization)
        (holds, pruned, checked) = (replay.holds, replay.pruned, replay.checked.runs)
    }
    /// Facts of an archive of which nothing else is known.
    init(startTimestamp: Timestamp, generation: Int) {
        self.startTimestamp = startTimestamp
        self.generation = generation
        pending = RangeSet()
    }

    /// The manifest that the archive had, as far as it matters to the next one.
    func predecessor(writtenAt: Timestamp, writer: String) -> Manifest {
        var manifest = Manifest(
            generation: generation, writtenAt: writtenAt, writer: writer, startTimestamp: startTimestamp,
            archiveID: archiveID)
        manifest.partitions = dates.map { Partition(date: $0.date, state: $0.state, records: $0.records) }
        (manifest.checked, manifest.holds, manifest.pruned) = (checked, holds, pruned)
        manifest.unknown = unknown
        (manifest.syncedTo, manifest.completeThrough) = (syncedTo, completeThrough)
        return manifest
    }
}

extension DataFile {
    /// Whether it is the same file, whatever is known of when it came.
    fileprivate func hasSameContent(as other: DataFile) -> Bool {
        var twin = other
        (twin.archivedAt, twin.replaces) = (archivedAt, replaces)
        return self == twin
    }
}
