package import JSONText

/// What a commit says beside the files it adds.
package struct CommitFacts: Sendable {
    /// Events before this are not wanted.
    package var startTimestamp: Timestamp

    /// Whose events these are, once that is known.
    package var organization: ArchiveOrganization?

    /// Event times that are still to be walked.
    package var pending: TimeRanges

    /// How long after its end a date stays open.
    package var lookback: Duration

    /// The moment of the commit.
    package var now: Timestamp

    /// What the API said about closed dates since the last commit.
    package var checks: [CalendarDay: DayCheck] = [:]

    /// Gathers what a commit says.
    package init(
        startTimestamp: Timestamp, organization: ArchiveOrganization?, pending: TimeRanges, lookback: Duration,
        now: Timestamp
    ) {
        self.startTimestamp = startTimestamp
        self.organization = organization
        self.pending = pending
        self.lookback = lookback
        self.now = now
    }
}

/// What the API said about a closed date when it was asked again.
package struct DayCheck: Sendable, Equatable {
    /// Its events, by the API.
    package var count: Int

    /// When it was asked.
    package var time: Timestamp

    /// Records an answer.
    package init(count: Int, time: Timestamp) {
        self.count = count
        self.time = time
    }
}

extension Manifest {
    /// The manifest after a commit that adds these files. ``lastEventTimestamp`` is left to the caller, who can read
    /// files.
    static func successor(
        of old: Manifest?, adding files: [DataFile], quarantine: [QuarantineFile], _ facts: CommitFacts, writer: String
    ) -> Manifest {
        var next = Manifest(
            generation: (old?.generation ?? 0) + 1, writtenAt: facts.now, writer: writer,
            startTimestamp: facts.startTimestamp)
        next.organization = facts.organization
        next.pending = facts.pending
        next.files = old?.files ?? []
        // Mostly nothing is new, and then the list of ten thousand files is not even looked at.
        if !files.isEmpty { next.files = (next.files + files).sorted { $0.name < $1.name } }
        next.quarantine = ((old?.quarantine ?? []) + quarantine).sorted { $0.name.path < $1.name.path }
        next.partitions = partitions(of: next.files, old: old?.partitions ?? [], facts)
        return next
    }

    private static func partitions(of files: [DataFile], old: [Partition], _ facts: CommitFacts) -> [Partition] {
        let before = Dictionary(old.map { ($0.date, $0) }) { first, _ in first }
        var partitions: [Partition] = []
        for index in files.indices {
            // By index: an entry taken out is a copy of its texts.
            let (date, records) = (files[index].name.date, files[index].records)
            if partitions.last?.date == date {
                partitions[partitions.count - 1].records += records
            } else {
                partitions.append(Partition(date: date, state: state(of: date, facts), records: records))
            }
        }
        for index in partitions.indices {
            if let check = facts.checks[partitions[index].date] {
                partitions[index].apiCount = check.count
                partitions[index].checkedAt = check.time
                continue
            }
            // What the API said counts only as long as the date has not grown since.
            guard let known = before[partitions[index].date], known.records == partitions[index].records else {
                continue
            }
            partitions[index].apiCount = known.apiCount
            partitions[index].checkedAt = known.checkedAt
        }
        return partitions
    }

    private static func state(of date: CalendarDay, _ facts: CommitFacts) -> Partition.State {
        guard date < CalendarDay.last else { return .open }
        return date.advanced(by: 1).start + facts.lookback > facts.now ? .open : .closed
    }

    /// Whether two manifests say the same about the archive, whenever and by whom they were written.
    func saysTheSame(as other: Manifest) -> Bool {
        var twin = other
        twin.generation = generation
        twin.writtenAt = writtenAt
        twin.writer = writer
        return self == twin
    }
}
