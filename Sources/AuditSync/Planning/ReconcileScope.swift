import AuditArchive
import CivilTime

/// Which days a reconciliation compares, decided from the manifest, the look-back and the time alone.
struct ReconcileScope: Sendable, Equatable {
    /// The runs of days to compare, oldest first.
    var runs: [ClosedRange<CalendarDay>] = []

    /// Closed days that the archive does not claim to have yet: a sync is to fetch them first.
    var pending: [ClosedRange<CalendarDay>] = []

    /// The newest day of which may be noted what the comparison found; `nil` where all are closed.
    var newestClosed: CalendarDay?

    /// How many days are compared.
    var dayCount: Int { runs.reduce(0) { $0 + $1.dayCount } }

    /// From the first to the last day compared; `nil` for none.
    var range: ClosedRange<CalendarDay>? {
        runs.first.flatMap { first in runs.last.map { first.lowerBound...$0.upperBound } }
    }

    /// A day whose ids are compared in any case: another one each day.
    func sample(on today: CalendarDay) -> CalendarDay? {
        guard let longest = runs.max(by: { $0.dayCount < $1.dayCount }) else { return nil }
        return longest.lowerBound.advanced(by: CalendarDay.first.days(until: today) % longest.dayCount)
    }

    /// Whether a day is compared.
    func contains(_ day: CalendarDay) -> Bool { runs.contains { $0.contains(day) } }

    /// All closed days from the archive's start on, within `from...to` where those are given. A repair looks at days that
    /// are older than the look-back as well: what it finds there is archived, whatever a sync has still to read.
    init(
        _ manifest: Manifest, lookback: Duration, now: Timestamp, from: CalendarDay? = nil, to: CalendarDay? = nil,
        repairs: Bool = false
    ) {
        guard let old = Self.newestClosed(lookback: lookback, now: now),
            let newest = repairs ? old : manifest.closedThrough.map({ min($0, old) })
        else { return }
        let first = max(from ?? .first, manifest.startTimestamp.day)
        let last = min(to ?? .last, newest)
        guard first <= last else { return }
        runs = (first...last).removing(manifest.unread)
        // What was asked for by name is named as not compared; what was pruned is not waited for.
        pending = (first...max(last, min(to ?? last, old)))
            .removing(RangeSet(runs.map(\.times)).union(manifest.prunedTimes))
    }

    /// The days that `sync` asks for by itself when it closes days, up to `closing`: those that it closes, and those of the
    /// last seven that were never asked for. Days without events are among them.
    init(closing: CalendarDay, _ manifest: Manifest) {
        let first = manifest.completeThrough?.advanced(by: 1) ?? manifest.startTimestamp.day
        let recent = max(min(first, closing.advanced(by: -6)), manifest.startTimestamp.day)
        guard first <= closing, let days = ClosedRange(recent, through: closing) else { return }
        let checked = RangeSet(
            manifest.checked.map { Range(from: $0.from.start, to: $0.to.advanced(by: 1).start) })
        runs = days.removing(checked).flatMap { $0.removing(manifest.unread) }
    }

    /// These days, closed or not, from the archive's start to today and within `from...to` where those are given.
    init(
        of days: Set<CalendarDay>, _ manifest: Manifest, lookback: Duration, now: Timestamp,
        from: CalendarDay? = nil, to: CalendarDay? = nil
    ) {
        let first = max(from ?? .first, manifest.startTimestamp.day)
        let last = min(to ?? .last, now.day)
        for day in days.sorted() where first <= day && day <= last {
            if let run = runs.last, run.upperBound.advanced(by: 1) == day {
                runs[runs.count - 1] = run.lowerBound...day
            } else {
                runs.append(day...day)
            }
        }
        let all = runs
        runs = all.flatMap { $0.removing(manifest.unread) }
        let compared = RangeSet(runs.map(\.times)).union(manifest.prunedTimes)
        pending = all.flatMap { $0.removing(compared) }
        newestClosed = Self.newestClosed(lookback: lookback, now: now) ?? .first
    }

    /// The newest day that ended longer ago than the look-back.
    static func newestClosed(lookback: Duration, now: Timestamp) -> CalendarDay? {
        // A look-back longer than the calendar would overflow, and leaves every day open.
        guard lookback < .seconds(86_400 * 366 * 9_999) else { return nil }
        return (now - lookback).day.advanced(by: -1)
    }
}

extension ReconcileScope {
    /// The dates that are asked for, for the evidence; `nil` for none.
    func asked(requests: Int) -> AskedDates? {
        guard let first = runs.first?.lowerBound, let last = runs.last?.upperBound else { return nil }
        return AskedDates(from: first, to: last, requests: requests)
    }
}

extension Manifest {
    /// The times that the archive does not claim to have: those that are still to be read, and those that were pruned.
    fileprivate var unread: RangeSet<Timestamp> { pending.union(prunedTimes) }

    /// The newest day that a sync has closed, and all before it; `nil` if there is none.
    var closedThrough: CalendarDay? {
        let newest = partitions.lazy.filter { $0.state != .open }.map(\.date).max()
        return [completeThrough, newest].compactMap { $0 }.max()
    }
}
