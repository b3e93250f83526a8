import CivilTime

/// Which dates a compaction merges, and in which commits, decided from the manifest alone.
struct CompactionPlan: Sendable, Equatable {
    /// How much one commit takes.
    struct Limits: Sendable {
        /// Dates.
        var dates = 100
        /// Bytes of staged files, as far as can be told before they are: as many as the files have that they replace.
        var size = 1 << 30
    }

    /// The dates of each commit, oldest first.
    private(set) var commits: [[CalendarDay]] = []

    /// How many files are merged.
    private(set) var files = 0

    /// All dates, oldest first.
    var dates: [CalendarDay] { commits.flatMap(\.self) }

    /// The closed dates before `end` that have several files, unless a compaction made them.
    init(_ manifest: Manifest, before end: CalendarDay? = nil, _ limits: Limits = Limits()) {
        var rest = manifest.files[...]
        var size = 0
        for partition in manifest.partitions {
            // By index: an entry taken out is a copy of its texts.
            let start = rest.startIndex
            var next = start
            while next < rest.endIndex, rest[next].name.date == partition.date { next += 1 }
            let files = rest[start..<next]
            rest = rest[next...]
            guard partition.state != .open, end.map({ partition.date < $0 }) ?? true, Self.areLoose(files) else {
                continue
            }
            self.files += files.count
            let added = files.indices.reduce(0) { $0 + files[$1].size }
            if let last = commits.last, last.count < limits.dates, size + added <= limits.size {
                commits[commits.count - 1].append(partition.date)
                size += added
            } else {
                commits.append([partition.date])
                size = added
            }
        }
    }

    /// Whether there are several, and they are not the parts that one compaction made: that is never done again, whatever
    /// its settings were.
    private static func areLoose(_ files: ArraySlice<DataFile>) -> Bool {
        guard files.count > 1, let first = files.first else { return false }
        return files.contains { $0.replaces == nil || $0.name.generation != first.name.generation }
    }
}
