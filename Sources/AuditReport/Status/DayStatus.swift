package import AuditArchive
package import CivilTime

/// What is known of one UTC day.
package struct DayStatus: Sendable, Equatable {
    /// How far the archive has a day.
    package enum Coverage: String, Sendable, CaseIterable {
        /// It lies before the archive's start, or after today.
        case uncovered
        /// It is still to be read, or a part of it.
        case pending
        /// It was read, and late events may still come.
        case open
        /// It was read when no event could come any more.
        case closed
        /// It was closed, and its events were removed by `prune`.
        case pruned
    }

    /// Which day.
    package var date: CalendarDay
    /// Its events in the archive.
    package var records: Int
    /// How far the archive has it.
    package var coverage: Coverage
    /// What the manifest says of it; `nil` for a day without events.
    package var state: Partition.State?
    /// Whether it was compared with the API.
    package var isProven: Bool
    /// Whether the API had something else when it was compared.
    package var differs: Bool

    /// Describes a day.
    package init(
        date: CalendarDay, records: Int, coverage: Coverage, state: Partition.State? = nil, isProven: Bool = false,
        differs: Bool = false
    ) {
        self.date = date
        self.records = records
        self.coverage = coverage
        self.state = state
        self.isProven = isProven
        self.differs = differs
    }
}

/// Says what is known of days, by an archive's manifest and the time.
struct DayCover {
    private let start: CalendarDay
    private let readTo: CalendarDay
    private let closedThrough: CalendarDay?
    private let backlog: RangeSet<Timestamp>
    private let partitions: [CalendarDay: Partition]
    private let checked: [CheckedRun]
    private let pruned: [PrunedRun]

    /// - Parameters:
    ///   - backlog: event times that are still to be read.
    ///   - readTo: the last day that a sync has read any of.
    init(_ manifest: Manifest, backlog: RangeSet<Timestamp>, readTo: CalendarDay) {
        start = manifest.startTimestamp.day
        self.readTo = readTo
        closedThrough = manifest.completeThrough
        self.backlog = backlog
        partitions = Dictionary(manifest.partitions.map { ($0.date, $0) }) { first, _ in first }
        checked = manifest.checked
        pruned = manifest.pruned
    }

    /// What is known of these days, in their order. `today`: no later day is covered.
    func days(_ dates: some Sequence<CalendarDay>, today: CalendarDay) -> [DayStatus] {
        dates.map { date in
            let partition = partitions[date]
            let run = checked.first { $0.contains(date) }
            return DayStatus(
                date: date, records: partition?.records ?? 0, coverage: coverage(of: date, partition, today),
                state: partition?.state, isProven: run != nil, differs: run?.isLeftApart ?? false)
        }
    }

    private func coverage(
        of date: CalendarDay, _ partition: Partition?, _ today: CalendarDay
    ) -> DayStatus.Coverage {
        guard start <= date, date <= today else { return .uncovered }
        if partition == nil, pruned.contains(where: { $0.contains(date) }) { return .pruned }
        if date > readTo || backlog.intersects(date) { return .pending }
        if let closedThrough, date <= closedThrough { return .closed }
        return partition.map { $0.state != .open } ?? false ? .closed : .open
    }
}

extension RangeSet<Timestamp> {
    /// Whether some of a day's times are in it.
    func intersects(_ date: CalendarDay) -> Bool {
        let day = Range(of: date)
        return ranges.contains { $0.overlaps(day) }
    }
}

extension CheckedRun {
    /// Whether something was found that archive and API do not have in common, and that nobody has accepted.
    var isLeftApart: Bool {
        if let difference { return difference != 0 }
        return goneAtVendor == nil && unexplained == nil && apiCount != archiveCount
    }
}
