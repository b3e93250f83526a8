package import CivilTime

/// What an archive holds and how fresh it is, from its manifest alone.
package struct ArchiveStatus: Sendable, Equatable {
    /// Whose events these are; `nil` until that is known.
    package var organization: ArchiveOrganization?

    /// Counts commits.
    package var generation: Int

    /// When the last commit was.
    package var writtenAt: Timestamp

    /// The covered range's start: events before it are not wanted.
    package var startTimestamp: Timestamp

    /// The covered range's end, the newest event that is not in the future; `nil` if there is none.
    package var lastEventTimestamp: Timestamp?

    /// How long ago ``lastEventTimestamp`` is; negative if the clock was set back.
    package var age: Duration?

    /// Files, events and bytes.
    package var totals: Manifest.Totals

    /// Records that are kept aside.
    package var quarantined: Int

    /// Event times that are still to be fetched.
    package var pending: RangeSet<Timestamp>

    /// The dates for which events may still arrive, sorted.
    package var openPartitions: [CalendarDay]

    /// The last 14 UTC days, oldest first, today last.
    package var days: [Day]

    /// One UTC day.
    package struct Day: Sendable, Equatable {
        /// Which one.
        package var date: CalendarDay

        /// Its events.
        package var records: Int

        /// `nil` for a day without events.
        package var state: Partition.State?

        /// Its events as a part of the busiest day's among those shown, 0 to 1: the length of a bar.
        package var share: Double
    }

    private static let dayCount = 14

    /// Describes an archive as of `now`.
    package init(_ manifest: Manifest, now: Timestamp) {
        organization = manifest.organization
        generation = manifest.generation
        writtenAt = manifest.writtenAt
        startTimestamp = manifest.startTimestamp
        lastEventTimestamp = manifest.lastEventTimestamp
        age = manifest.lastEventTimestamp.map { now - $0 }
        totals = manifest.totals
        quarantined = manifest.quarantine.reduce(0) { $0 + $1.records }
        pending = manifest.pending
        openPartitions = manifest.partitions.filter { $0.state == .open }.map(\.date)
        days = Self.days(manifest.partitions, until: now.day)
    }

    private static func days(_ partitions: [Partition], until today: CalendarDay) -> [Day] {
        let known = Dictionary(partitions.map { ($0.date, $0) }) { first, _ in first }
        let dates = (0..<dayCount).map { today.advanced(by: $0 + 1 - dayCount) }
        let busiest = dates.compactMap { known[$0]?.records }.max() ?? 0
        return dates.map { date in
            let records = known[date]?.records ?? 0
            return Day(
                date: date, records: records, state: known[date]?.state,
                share: busiest > 0 ? Double(records) / Double(busiest) : 0)
        }
    }
}
