package import AuditArchive
package import CivilTime

/// Which of an archive's closed days were compared with the API, and what came of it.
package struct DayProof: Sendable, Equatable {
    /// Days that are closed, those without events too, and without those that were pruned.
    package var closedDays = 0
    /// Days that were compared with the API, those without events too.
    package var provenDays = 0
    /// Those of the proven days that have no events.
    package var emptyDays = 0
    /// Days on which archive and API differed, and which nobody has accepted.
    package var differing: [ClosedRange<CalendarDay>] = []
    /// Events that are archived and that the API no longer has, which a person accepted.
    package var goneAtVendor = 0
    /// Events that the API counts and never shows.
    package var unexplained = 0

    /// Counts the days of a manifest. `backlog`: what is still to be read is not closed, and what was pruned is there no more.
    package init(_ manifest: Manifest, backlog: RangeSet<Timestamp> = RangeSet()) {
        let first = manifest.startTimestamp.day
        var newest = first.advanced(by: -1)
        if let last = manifest.completeThrough, first <= last {
            newest = last
            closedDays = first.days(until: last) + 1
            let open = backlog.ranges.map { ($0.lowerBound.day, $0.lastDay) }
            for (from, to) in open + manifest.pruned.map({ ($0.from, $0.to) }) {
                closedDays -= Self.days(max(first, from), min(last, to))
            }
        }
        closedDays += manifest.partitions.count { $0.date > newest && $0.state != .open }
        closedDays = max(0, closedDays)
        var partitions = manifest.partitions[...]
        for run in manifest.checked {
            let days = manifest.pruned.reduce(Self.days(run.from, run.to)) { count, pruned in
                count - Self.days(max(run.from, pruned.from), min(run.to, pruned.to))
            }
            partitions = partitions.drop { $0.date < run.from }
            let withEvents = partitions.prefix { $0.date <= run.to }.count
            provenDays += max(0, days)
            emptyDays += max(0, days - withEvents)
            if run.isLeftApart { differing.append(run.from...max(run.from, run.to)) }
            goneAtVendor = Self.sum(goneAtVendor, run.goneAtVendor)
            unexplained = Self.sum(unexplained, run.unexplained)
        }
    }

    /// How many days there are; none where the last comes before the first.
    private static func days(_ first: CalendarDay, _ last: CalendarDay) -> Int {
        first <= last ? first.days(until: last) + 1 : 0
    }

    /// What a manifest claims may be anything.
    private static func sum(_ count: Int, _ more: Int?) -> Int { min(count, 1 << 60) + min(more ?? 0, 1 << 60) }
}

extension Range<Timestamp> {
    /// The last day that has some of these times.
    fileprivate var lastDay: CalendarDay { (upperBound - .microseconds(1)).day }
}
