import CivilTime

/// The operations that a commit consists of, in the order of the log.
struct CommitOperations {
    let archive: ArchiveDirectory
    /// The manifest before, as far as the log knows of it: `nil` for a log that is yet to begin.
    let old: Manifest?
    let next: Manifest
    let change: CommitChange
    let metadata: CommitMetadata
    let host: String

    /// All of them but those that begin a log and the commit itself.
    func list() -> [EvidenceOperation] {
        var operations: [EvidenceOperation] = []
        if let organization = next.organization, organization != old?.organization {
            operations.append(.organization(organization))
        }
        operations += change.operations
        // One that replaces no files by others is what an operation above made of it.
        operations += change.merged.filter { !$0.from.isEmpty }.map(compacted)
        operations += change.pruned.map(pruned)
        operations += added() + quarantined() + checked()
        return operations
    }

    private func compacted(_ partition: MergedPartition) -> EvidenceOperation {
        var runs = SourceRuns()
        for run in partition.runs { runs.append(run.file, count: run.count) }
        return .compact(
            CompactedDate(
                generation: next.generation, date: partition.date,
                files: partition.files.map { CompactedDate.File(file: .data($0.name), records: $0.records) },
                from: partition.from.map { .data($0) }, runs: runs))
    }

    private func pruned(_ run: PrunedRun) -> EvidenceOperation {
        let dates = (0...run.from.days(until: run.to)).map { run.from.advanced(by: $0) }
        let gone = Set(change.prunedDates).filter(run.contains)
        return .prune(
            PrunedDates(
                generation: next.generation, dates: dates,
                files: gone.sorted().flatMap { old?.files(of: $0) ?? [] }.map { .data($0.name) },
                records: run.records, reason: run.reason))
    }

    /// What is rewritten is no addition: the operation that rewrote it says what it is.
    private func added() -> [EvidenceOperation] {
        change.added.sorted { $0.name < $1.name }.compactMap { file in
            guard let root = change.roots[.data(file.name)] else { return nil }
            let asked = metadata.asked
            let source = AddedFile.Source(
                host: host, from: asked?.from ?? file.name.date, to: asked?.to ?? file.name.date,
                requests: asked?.requests ?? 0, writer: next.writer)
            return .add(AddedFile(file, root: root, source: source))
        }
    }

    private func quarantined() -> [EvidenceOperation] {
        change.quarantine.sorted { $0.name.path < $1.name.path }.compactMap { file in
            change.roots[.quarantine(file.name)].map { root in
                .quarantine(
                    generation: file.name.generation, file: .quarantine(file.name), records: file.records, root: root)
            }
        }
    }

    private func checked() -> [EvidenceOperation] {
        let before = old?.checked ?? []
        return next.checked.filter { !before.contains($0) }.map { run in
            .checked(from: run.from, to: run.to, apiCount: run.apiCount, archiveCount: run.archiveCount)
        }
    }
}

extension CommitOperations {
    /// The operations with which the log of an archive begins that has a manifest already, or none yet.
    ///
    /// - Parameter passesOverMissing: whether a file that is not there is left out, for a rebuild to say that it is lost.
    /// - Throws: where one of the archive's files is not what the manifest says.
    static func beginning(
        _ old: Manifest?, _ next: Manifest, _ archive: ArchiveDirectory, passesOverMissing: Bool = false
    ) throws(ArchiveError) -> [EvidenceOperation] {
        var operations: [EvidenceOperation] = [
            .genesis(
                archiveID: next.archiveID, startTimestamp: old?.startTimestamp ?? next.startTimestamp,
                writer: next.writer)
        ]
        if let old {
            operations += try adopted(old.files, old.quarantine, archive, passesOverMissing: passesOverMissing)
        }
        // A manifest that is made anew knows of them as well.
        let known = old ?? next
        operations += known.holds.map { .hold(HeldDates($0, reason: $0.reason)) }
        operations += known.pruned.map { run in
            let dates = (0...run.from.days(until: run.to)).map { run.from.advanced(by: $0) }
            return .prune(
                PrunedDates(
                    generation: next.generation, dates: dates, files: [], records: run.records, reason: run.reason))
        }
        return operations
    }

    /// What takes files into the log that came before it, or without it.
    static func adopted(
        _ files: [DataFile], _ quarantine: [QuarantineFile], _ archive: ArchiveDirectory, passesOverMissing: Bool
    ) throws(ArchiveError) -> [EvidenceOperation] {
        var operations: [EvidenceOperation] = []
        func isTaken(_ path: String) throws(ArchiveError) -> Bool {
            guard passesOverMissing else { return true }
            return try archive.exists(archive.layout.absolute(path))
        }
        for file in files where try isTaken(file.name.path) {
            let root = try root(of: file.digest, at: file.name.path, archive)
            operations.append(.add(AddedFile(file, root: root, source: nil)))
        }
        for file in quarantine where try isTaken(file.name.path) {
            let root = try root(of: file.digest, at: file.name.path, archive)
            operations.append(
                .quarantine(
                    generation: file.name.generation, file: .quarantine(file.name), records: file.records, root: root))
        }
        return operations
    }

    private static func root(
        of digest: FileDigest, at path: String, _ archive: ArchiveDirectory
    ) throws(ArchiveError) -> TreeHash {
        var tree = LineTree()
        let place = archive.layout.absolute(path)
        var lines = GzipLineReader(place, archive.fileSystem)
        do {
            try lines.read { _, line in tree.append(line) }
        } catch {
            switch error {
            case .file(let failure): throw ArchiveError(failure)
            case .gzip(let failure): throw .damaged("A file is damaged: \(failure)", at: place)
            }
        }
        guard lines.digest == digest else { throw .damaged("A file is not what the manifest says", at: place) }
        return tree.root
    }
}

extension AddedFile {
    /// What the log says of a file of the manifest.
    init(_ file: DataFile, root: TreeHash, source: Source?) {
        self.init(
            generation: file.name.generation, date: file.name.date, file: .data(file.name), records: file.records,
            root: root, source: source)
    }
}

extension HeldDates {
    init(_ hold: Hold, reason: String) {
        self.init(from: hold.from, to: hold.to, reason: reason, name: hold.name)
    }
}
