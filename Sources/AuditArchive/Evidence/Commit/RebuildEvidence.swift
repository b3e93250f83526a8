import CivilTime

/// What a rebuild takes from the evidence, and what it leaves there.
struct RebuildEvidence: Sendable {
    /// What the log says that there is; `nil` where no log was ever begun.
    let replay: EvidenceReplay?
    private var check: AdditionCheck
    /// The files whose lines are not those that the log knows.
    private var changed: Set<EvidenceFile> = []
    /// The roots over the files that were read.
    private var roots: [EvidenceFile: TreeHash] = [:]

    init(_ replay: EvidenceReplay?) {
        self.replay = replay
        check = AdditionCheck(replay ?? EvidenceReplay())
    }

    /// What is to be found out about the lines of a file, by its path.
    func hashing(of path: String) -> LineHashing {
        guard let file = EvidenceFile(path: path) else { return .none }
        return check.hashing(of: file) == .leaves ? .leaves : .root
    }

    /// Takes what a file turned out to be.
    mutating func take(_ path: String, _ findings: FileFindings) {
        guard let file = EvidenceFile(path: path) else { return }
        roots[file] = findings.lineHashes.root
        if !check.take(file, findings.isWhole ? findings.lineHashes : nil).isEmpty { changed.insert(file) }
    }

    /// The files that the log knows and that are not there, or hold something else.
    func lost(_ data: [DataFile], _ quarantine: [QuarantineFile]) -> [EvidenceFile] {
        let found = Set(data.map { EvidenceFile.data($0.name) } + quarantine.map { .quarantine($0.name) })
        return (replay?.files.keys.filter { !found.contains($0) || changed.contains($0) } ?? [])
            .sorted { $0.path < $1.path }
    }

    /// Whether a file was taken out of the archive on record, by a compaction or an erasure, and is there again, as an older
    /// copy brings it back. What it had is in other files, so that its name must not come to stand for lines once more.
    func isReturned(_ file: EvidenceFile) -> Bool {
        guard let replay, replay.files[file] == nil, let addition = replay.addition(of: file) else { return false }
        return !replay.additions[addition].isGone
    }

    /// What the log says of a rebuild: what is lost, what is taken in, and which events were there twice.
    func operations(
        generation: Int, _ data: [DataFile], _ quarantine: [QuarantineFile], pending: RangeSet<Timestamp>,
        _ staged: DuplicateRemoval.Outcome
    ) -> [EvidenceOperation] {
        var operations: [EvidenceOperation] = []
        if replay != nil {
            operations.append(
                .rebuild(generation: generation, lost: lost(data, quarantine), pending: Array(pending.ranges)))
        }
        for file in data where isNew(.data(file.name)) && !isReturned(.data(file.name)) {
            guard let root = roots[.data(file.name)] else { continue }
            operations.append(.add(AddedFile(file, root: root, source: nil)))
        }
        operations += staged.taken.map { .add(AddedFile($0.file, root: $0.root, source: nil)) }
        for file in quarantine where isNew(.quarantine(file.name)) {
            guard let root = roots[.quarantine(file.name)] else { continue }
            operations.append(
                .quarantine(
                    generation: file.name.generation, file: .quarantine(file.name), records: file.records, root: root))
        }
        return operations + staged.dropped.filter { !$0.lines.isEmpty }.map { erasure(of: $0, generation) }
    }

    /// Whether the log does not know a file, or knows other lines by its name.
    func isNew(_ file: EvidenceFile) -> Bool { replay?.files[file] == nil || changed.contains(file) }

    private func erasure(of dropped: DuplicateRemoval.Dropped, _ generation: Int) -> EvidenceOperation {
        let file = EvidenceFile.data(dropped.file)
        let origins = isNew(file) ? nil : replay?.files[file]
        let leaves = dropped.lines.map { line in
            let origin = origins?[line.number]
            let name = origin.flatMap { replay?.additions[$0.addition].file } ?? file
            return ErasedLines.Leaf(file: name, line: origin?.line ?? line.number, leaf: line.leaf, id: line.id)
        }
        return .erase(
            ErasedLines(
                generation: generation, file: file, newFile: dropped.newFile.map { .data($0) }, leaves: leaves,
                reason: dropped.reason, isDuplicate: true))
    }
}

extension DuplicateRemoval.Dropped {
    /// Why its lines went. An erased event is on record already, so that this is another copy of it.
    fileprivate var reason: String {
        if !hasErased { return "the event is there twice" }
        return hasDoubled ? "the event was erased before, or is there twice" : "the event was erased before"
    }
}
