import CivilTime

/// What the log says that an archive is: its files, where each of their lines came from, and what else was done.
struct EvidenceReplay {
    /// A file as it came into the archive.
    struct Addition {
        /// Its name then.
        var file: EvidenceFile
        /// The place of its entry in the log.
        var index: Int
        /// How many lines it had.
        var records: Int
        /// The root over them.
        var root: TreeHash
        /// The commit that brought them, for what was there before the log that of the file's name.
        var generation: Int
        /// When that was; `nil` for what was there before the log.
        var archivedAt: Timestamp?
        /// The hashes of those that were erased, by their numbers.
        var erased: [Int: TreeHash] = [:]
        /// Whether lines are gone without their hashes, by a pruning or a loss: the root proves nothing any more.
        var isGone = false
    }

    /// The last commit.
    struct Commit {
        var generation: Int
        var manifest: TreeHash
    }

    /// Every file that ever came, in order.
    private(set) var additions: [Addition] = []
    /// The files that are there now, and the origins of their lines.
    private(set) var files: [EvidenceFile: LineOrigins] = [:]
    /// SHA-256 of the ids that were erased and must not come back.
    private(set) var erasedIDs: Set<TreeHash> = []
    /// The archive's name.
    private(set) var archiveID = ""
    /// The start that the archive had at first.
    private(set) var startTimestamp: Timestamp?
    /// Whose events these are.
    private(set) var organization: ArchiveOrganization?
    /// Dates that must not be pruned.
    private(set) var holds: [Hold] = []
    /// Dates that were pruned.
    private(set) var pruned: [PrunedRun] = []
    /// What comparisons with the API said, as far as the log has it.
    private(set) var checked = CheckedRuns([])
    /// The key that signs.
    private(set) var key: VerifierKey?
    /// Whether that key began without a signature of the one before it.
    private(set) var isOldKeyLost = false
    /// What the log says that it once had and has no more.
    private(set) var cuts: [HistoryCut] = []
    /// How many entries the log had when it was last gone on from as it was, on record; 0 if that never happened.
    private(set) var adoptedEntries = 0
    private(set) var lastCommit: Commit?
    /// Whether the entry read last was a commit.
    private(set) var endsWithCommit = false
    private(set) var lastTime: Timestamp?
    private var additionOfFile: [EvidenceFile: Int] = [:]
    /// The first addition of the commit that is being read.
    private var firstUncommitted = 0
    /// Whether that commit takes in what earlier ones brought, without a log or beside it.
    private var takesOver = true
    private var records: [CalendarDay: Int] = [:]

    /// Before the first entry.
    init() {}

    /// Reads the next line and does what it says.
    mutating func apply(_ line: EvidenceLog.Line) throws(OperationError) {
        let entry = try EvidenceEntry(line: line.bytes)
        guard entry.at.day == line.day else { throw OperationError(reason: "is of another date than its file") }
        try apply(entry, index: line.index)
    }

    /// Does what an entry says. `index`: its place in the log.
    mutating func apply(_ entry: EvidenceEntry, index: Int) throws(OperationError) {
        if let lastTime, entry.at < lastTime { throw OperationError(reason: "is earlier than the entry before it") }
        lastTime = entry.at
        if case .commit = entry.operation { endsWithCommit = true } else { endsWithCommit = false }
        if index == 0, entry.operation.name != "genesis" { throw OperationError(reason: "does not begin the log") }
        switch entry.operation {
        case .genesis(let archiveID, let startTimestamp, _):
            guard index == 0 else { throw OperationError(reason: "begins a log that has begun") }
            (self.archiveID, self.startTimestamp) = (archiveID, startTimestamp)
        case .organization(let organization): self.organization = organization
        case .add(let added):
            let time = added.source == nil ? nil : entry.at
            try add(added.file, added.records, added.root, index, added.generation, time)
        case .quarantine(let generation, let file, let records, let root):
            try add(file, records, root, index, generation, entry.at)
        case .quarantineErase(let erasure): try erase(erasure)
        case .compact(let date): try compact(date)
        case .prune(let dates): try prune(dates, at: entry.at)
        case .erase(let lines): try erase(lines)
        case .hold(let dates):
            holds.removeAll { $0.name == dates.name }
            holds.append(Hold(name: dates.name, from: dates.from, to: dates.to, reason: dates.reason))
        case .release(let dates): holds.removeAll { $0.name == dates.name }
        case .checked(let from, let to, let apiCount, let archiveCount):
            try check(from, to, apiCount, archiveCount, at: entry.at)
        case .commit(let generation, let manifest):
            lastCommit = Commit(generation: generation, manifest: manifest)
            commit(generation)
        case .rebuild(_, let lost, _): for file in lost { lose(file) }
        case .restored(_, let entries, _):
            cuts.append(HistoryCut(kept: lastCommit == nil ? 0 : index, entries: entries))
        case .key(let text, let withoutOldKey):
            guard let key = VerifierKey(verifierKey: text) else {
                throw OperationError(reason: "has no readable `vkey`")
            }
            (self.key, isOldKeyLost) = (key, withoutOldKey)
        case .adopt(let entries, _, _): (takesOver, adoptedEntries) = (true, max(adoptedEntries, entries))
        }
    }

    /// The addition that a file's name stands for, if one came by that name.
    func addition(of file: EvidenceFile) -> Int? { additionOfFile[file] }
}

/// A part of a log's history that a restored copy or an adoption put aside, on record.
struct HistoryCut: Equatable {
    /// How many of the entries before it are there still.
    var kept: Int
    /// How many there were.
    var entries: Int

    /// Whether a head of so many entries may be one of what was put aside.
    func covers(_ count: Int) -> Bool { count > kept && count <= entries }
}

// MARK: Files

extension EvidenceReplay {
    private mutating func add(
        _ file: EvidenceFile, _ records: Int, _ root: TreeHash, _ index: Int, _ generation: Int, _ time: Timestamp?
    ) throws(OperationError) {
        try insert(file, LineOrigins(addition: additions.count, count: records))
        additionOfFile[file] = additions.count
        additions.append(
            Addition(
                file: file, index: index, records: records, root: root, generation: generation, archivedAt: time))
    }

    /// What a rebuild takes in may have an older name than the commit with which it became visible.
    private mutating func commit(_ generation: Int) {
        if !takesOver {
            for index in firstUncommitted..<additions.count { additions[index].generation = generation }
        }
        (firstUncommitted, takesOver) = (additions.count, false)
    }

    /// A file of this name comes.
    private mutating func insert(_ file: EvidenceFile, _ lines: LineOrigins) throws(OperationError) {
        guard files.updateValue(lines, forKey: file) == nil else {
            throw OperationError(reason: "brings \(file.name), which is there already")
        }
        change(file, by: lines.count)
    }

    /// A file of this name goes.
    private mutating func take(_ file: EvidenceFile) throws(OperationError) -> LineOrigins {
        guard let lines = files.removeValue(forKey: file) else {
            throw OperationError(reason: "takes \(file.name), which is not there")
        }
        change(file, by: -lines.count)
        return lines
    }

    private mutating func change(_ file: EvidenceFile, by count: Int) {
        if let date = file.data?.date { records[date, default: 0] += count }
    }

    private mutating func compact(_ date: CompactedDate) throws(OperationError) {
        var sources: [LineOrigins] = []
        for file in date.from { sources.append(try take(file)) }
        var merge = LineMerge(sources)
        var runs = date.runs.runs[...]
        var taken = 0
        for file in date.files {
            var lines = LineOrigins()
            var missing = file.records
            while missing > 0 {
                guard let run = runs.first, merge.take(min(missing, run.count - taken), of: run.source, to: &lines)
                else {
                    throw OperationError(reason: "has `runs` that are not the lines of its files")
                }
                let step = min(missing, run.count - taken)
                (missing, taken) = (missing - step, taken + step)
                if taken == run.count { (runs, taken) = (runs.dropFirst(), 0) }
            }
            try insert(file.file, lines)
        }
        guard runs.isEmpty, merge.isAtEnd else {
            throw OperationError(reason: "has `runs` that are not the lines of its files")
        }
    }

    private mutating func prune(_ dates: PrunedDates, at time: Timestamp) throws(OperationError) {
        for file in dates.files { gone(try take(file)) }
        let all = Set(dates.dates)
        for index in additions.indices {
            if let date = additions[index].file.data?.date, all.contains(date) { additions[index].isGone = true }
        }
        guard let first = all.min(), let last = all.max() else { return }
        pruned.append(
            PrunedRun(from: first, to: last, records: dates.records, prunedAt: time, reason: dates.reason))
    }

    /// What is lost is lost with all that it proved.
    private mutating func lose(_ file: EvidenceFile) {
        guard let lines = try? take(file) else { return }
        gone(lines)
    }

    private mutating func gone(_ lines: LineOrigins) {
        for run in lines.runs { additions[run.addition].isGone = true }
    }

    private mutating func check(
        _ from: CalendarDay, _ to: CalendarDay, _ apiCount: Int, _ archiveCount: Int, at time: Timestamp
    ) throws(OperationError) {
        guard from <= to else { throw OperationError(reason: "ends before it begins") }
        let counts = records
        checked.remove(from, to) { first, last in
            counts.reduce(0) { first <= $1.key && $1.key <= last ? $0 + $1.value : $0 }
        }
        checked.insert(
            CheckedRun(
                from: from, to: to, checkedAt: time, apiCount: apiCount, archiveCount: archiveCount,
                difference: apiCount == archiveCount ? nil : apiCount - archiveCount))
    }
}

// MARK: Erasure

extension EvidenceReplay {
    private mutating func erase(_ lines: ErasedLines) throws(OperationError) {
        var drops: [Int: Set<Int>] = [:]
        for leaf in lines.leaves {
            guard let addition = additionOfFile[leaf.file], leaf.line < additions[addition].records,
                additions[addition].erased[leaf.line] == nil, drops[addition, default: []].insert(leaf.line).inserted
            else { throw OperationError(reason: "erases a line that is not there") }
            additions[addition].erased[leaf.line] = leaf.leaf
            if !lines.isDuplicate { erasedIDs.insert(leaf.id) }
        }
        try drop(drops, count: lines.leaves.count, from: lines.file, to: lines.newFile)
    }

    private mutating func erase(_ erasure: QuarantineErasure) throws(OperationError) {
        var drops: [Int: Set<Int>] = [:]
        for line in erasure.lines {
            guard let origin = files[erasure.file]?[line.number],
                drops[origin.addition, default: []].insert(origin.line).inserted
            else { throw OperationError(reason: "erases a line that is not there") }
            additions[origin.addition].erased[origin.line] = line.leaf
        }
        try drop(drops, count: erasure.lines.count, from: erasure.file, to: erasure.newFile)
    }

    private mutating func drop(
        _ drops: [Int: Set<Int>], count: Int, from file: EvidenceFile, to newFile: EvidenceFile?
    ) throws(OperationError) {
        let (rest, dropped) = try take(file).removing { drops[$0]?.contains($1) ?? false }
        guard dropped == count else { throw OperationError(reason: "erases lines that are in another file") }
        guard (rest.count == 0) == (newFile == nil) else {
            throw OperationError(reason: "erases \(dropped) lines, and says that another number is left")
        }
        if let newFile { try insert(newFile, rest) }
    }
}
