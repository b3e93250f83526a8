/// Computes the root of each file that ever came into the archive anew, from the lines that are there now and the hashes of
/// those that were erased. Whatever became of the files, the roots show whether the lines are the same.
struct AdditionCheck: Sendable {
    private let additions: [EvidenceReplay.Addition]
    private let files: [EvidenceFile: LineOrigins]
    /// The leaves of additions whose lines are in several files, or are not alone in theirs.
    private var leaves: [Int: [TreeHash?]] = [:]
    /// How many of them are still to come.
    private var missing: [Int: Int] = [:]
    private var settled: Set<Int> = []

    /// Before the first file.
    init(_ replay: EvidenceReplay) {
        additions = replay.additions
        files = replay.files
    }

    /// What is to be found out about a file.
    func hashing(of file: EvidenceFile) -> LineHashing {
        guard let origins = files[file] else { return .none }
        if wholeAddition(origins) != nil { return .root }
        return origins.runs.contains { !additions[$0.addition].isGone } ? .leaves : .none
    }

    /// The addition that a file still is, line by line; `nil` for a merged file or one that something was erased from.
    private func wholeAddition(_ origins: LineOrigins) -> Int? {
        guard origins.runs.count == 1, let run = origins.runs.first else { return nil }
        let addition = additions[run.addition]
        return run.count == addition.records && addition.erased.isEmpty && !addition.isGone ? run.addition : nil
    }

    /// Takes what a file turned out to hold; `nil` for one that could not be read to its end, of which something else is
    /// known to be wrong.
    mutating func take(_ file: EvidenceFile, _ hashes: LineHashes?) -> [ArchiveFault] {
        guard let origins = files[file] else { return [] }
        guard let hashes else {
            for run in origins.runs { settled.insert(run.addition) }
            return []
        }
        if let count = hashes.count, count != origins.count {
            for run in origins.runs { settled.insert(run.addition) }
            return [fault(file.path, "has \(count) lines, the evidence says \(origins.count)")]
        }
        if let whole = wholeAddition(origins) {
            settled.insert(whole)
            return hashes.root.map { $0 == additions[whole].root ? [] : [changed(whole, file.path)] } ?? []
        }
        guard case .leaves(let found) = hashes else { return [] }
        return distribute(found, origins, file.path)
    }

    private mutating func distribute(_ found: [TreeHash], _ origins: LineOrigins, _ path: String) -> [ArchiveFault] {
        var faults: [ArchiveFault] = []
        var next = 0
        for run in origins.runs {
            defer { next += run.count }
            guard !additions[run.addition].isGone, !settled.contains(run.addition) else { continue }
            begin(run.addition)
            for offset in 0..<run.count { leaves[run.addition]?[run.first + offset] = found[next + offset] }
            missing[run.addition, default: 0] -= run.count
            if missing[run.addition] == 0, !settle(run.addition) { faults.append(changed(run.addition, path)) }
        }
        return faults
    }

    private mutating func begin(_ addition: Int) {
        guard leaves[addition] == nil else { return }
        var hashes = [TreeHash?](repeating: nil, count: additions[addition].records)
        for (line, hash) in additions[addition].erased { hashes[line] = hash }
        leaves[addition] = hashes
        missing[addition] = hashes.count - additions[addition].erased.count
    }

    /// Whether the root is the one that came.
    private mutating func settle(_ addition: Int) -> Bool {
        settled.insert(addition)
        missing[addition] = nil
        let hashes = leaves.removeValue(forKey: addition)?.compactMap(\.self) ?? []
        return hashes.count == additions[addition].records && TreeEdge(hashes).root == additions[addition].root
    }

    /// What is left once all files were taken: files that nothing is left of but the hashes, and those of whose lines some
    /// never came.
    mutating func finish() -> [ArchiveFault] {
        var faults: [ArchiveFault] = []
        for index in additions.indices where !additions[index].isGone && !settled.contains(index) {
            begin(index)
            if !settle(index) { faults.append(changed(index, additions[index].file.path)) }
        }
        return faults
    }

    private func changed(_ addition: Int, _ path: String) -> ArchiveFault {
        let added = additions[addition]
        return fault(
            path, "the lines that came with \(added.file.name) are not those of which entry \(added.index) has the root"
        )
    }

    private func fault(_ path: String, _ detail: String) -> ArchiveFault { ArchiveFault(.eventChanged, path, detail) }
}
