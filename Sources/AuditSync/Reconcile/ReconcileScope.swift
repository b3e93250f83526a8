package import AuditArchive
package import JSONText

/// Which days a reconciliation compares, decided from the manifest, the look-back and the time alone.
package struct ReconcileScope: Sendable, Equatable {
    /// The runs of days to compare, oldest first.
    package var runs: [DayRun] = []

    /// Closed days that the archive does not claim to have yet: a sync is to fetch them first.
    package var pending: [DayRun] = []

    /// All closed days from the archive's start on, within `from...to` where those are given.
    package init(
        _ manifest: Manifest, lookback: Duration, now: Timestamp, from: CalendarDay? = nil, to: CalendarDay? = nil
    ) {
        guard let newest = Self.newestClosed(lookback: lookback, now: now) else { return }
        let first = max(from ?? .first, manifest.startTimestamp.day)
        let last = min(to ?? .last, newest)
        guard first <= last else { return }
        let all = DayRun(first: first, last: last)
        runs = all.removing(manifest.pending)
        let compared = TimeRanges(runs.map { TimeRange(from: $0.first.start, to: $0.last.advanced(by: 1).start) })
        pending = all.removing(compared)
    }

    /// The days that `sync` asks for by itself, if any of them closed since `before`: those that were never asked for and
    /// closed since then or in the last seven days, as few runs as they make.
    ///
    /// Days between them without events are asked for on the way, which costs nothing.
    package init(closing manifest: Manifest, since before: Manifest?, lookback: Duration, now: Timestamp) {
        guard let before, let newest = Self.newestClosed(lookback: lookback, now: now) else { return }
        let wasOpen = Set(before.partitions.lazy.filter { $0.state == .open }.map(\.date))
        let unchecked = manifest.partitions.filter { $0.checkedAt == nil && $0.state == .closed && $0.date <= newest }
        guard unchecked.contains(where: { wasOpen.contains($0.date) }) else { return }
        let known = Set(before.partitions.map(\.date))
        let recent = newest.advanced(by: -6)
        let wanted = unchecked.map(\.date).filter { date in
            wasOpen.contains(date) || known.contains(date) && date >= recent
        }
        let checked = Set(manifest.partitions.lazy.map(\.date)).subtracting(wanted)
        for date in wanted {
            if let run = runs.last, !checked.contains(where: { run.last < $0 && $0 < date }) {
                runs[runs.count - 1].last = date
            } else {
                runs.append(DayRun(first: date, last: date))
            }
        }
        runs = runs.flatMap { $0.removing(manifest.pending) }
    }

    /// The newest day that ended longer ago than the look-back.
    private static func newestClosed(lookback: Duration, now: Timestamp) -> CalendarDay? {
        // A look-back longer than the calendar would overflow, and leaves every day open.
        guard lookback < .seconds(86_400 * 366 * 9_999) else { return nil }
        return (now - lookback).day.advanced(by: -1)
    }
}
