import AuditArchive
import CivilTime

/// Decides what to ask the API to find out whether some days are complete: counts for runs of days as long as counts can
/// be compared, the events themselves where they differ. It does no I/O.
///
/// The API's days may not be UTC's, so a count that differs proves nothing: it only tells where ids have to be compared.
/// If the ids then agree, counts mean something else than they seem to, and the ids of all days are compared. A count that
/// agrees proves something only where the first and the last event counted are the archive's. Then the filter may still
/// begin or end hours beside the day without an archived event there to show it, so the outer days of every run are
/// compared by ids as well.
struct ReconcilePlan: Sendable {
    /// What to do next.
    enum Step: Hashable, Sendable {
        /// Ask how many events the days have, with one small request.
        case count(ClosedRange<CalendarDay>)
        /// Read the days' events, and compare ids.
        case compare(ClosedRange<CalendarDay>)
    }

    /// Runs with at most so many events are compared rather than cut in two.
    static let defaultCapacity = 10_000

    /// A run of so few days is not worth a count.
    private static let mostDaysByIDs = 2

    private let records: [CalendarDay: Int]
    private let capacity: Int
    private var open: [Step] = []
    private var total: Int?

    /// The runs whose counts agreed.
    private(set) var agreed: [ClosedRange<CalendarDay>] = []

    /// Whether counts turned out not to be comparable.
    private(set) var isByIDs = false

    /// Plans the comparison of `runs`.
    ///
    /// - Parameters:
    ///   - records: by day, as many events as the API should count: the archive's, and what earlier comparisons found the
    ///     count to be off by.
    ///   - start: events before it are not wanted, so that its day can only be compared by ids unless it is midnight.
    ///   - sample: a day whose ids are compared whatever the counts say: an event that is missing here and one that is gone
    ///     there make up for each other.
    ///   - byIDs: whether no count is to be believed.
    init(
        _ runs: [ClosedRange<CalendarDay>], records: [CalendarDay: Int], start: Timestamp, sample: CalendarDay? = nil,
        byIDs: Bool = false, capacity: Int = defaultCapacity
    ) {
        self.records = records
        self.capacity = max(1, capacity)
        if byIDs {
            isByIDs = true
            open = runs.flatMap { pieces(of: $0) }.reversed().map(Step.compare)
            return
        }
        for run in runs.reversed() { open += Self.steps(for: run, start: start, sample: sample).reversed() }
    }

    private static func steps(for run: ClosedRange<CalendarDay>, start: Timestamp, sample: CalendarDay?) -> [Step] {
        guard run.dayCount > mostDaysByIDs else { return [.compare(run)] }
        let begins = run.contains(start.day) && start != start.day.start
        let first = begins ? start.day.advanced(by: 1) : run.lowerBound
        guard let counted = ClosedRange(first, through: run.upperBound) else { return [.compare(run)] }
        var days: Set = [run.lowerBound, first, run.upperBound]
        if let sample, run.contains(sample) { days.insert(sample) }
        return days.sorted().map { .compare($0...$0) } + [.count(counted)]
    }

    /// The step to take now; `nil` if everything is known.
    var next: Step? { open.last }

    /// Days that are still to be compared.
    var daysLeft: Int {
        var (days, next) = (0, CalendarDay.first)
        for run in open.map(\.run).sorted(by: { $0.lowerBound < $1.lowerBound }) where run.upperBound >= next {
            days += max(run.lowerBound, next).days(until: run.upperBound) + 1
            next = run.upperBound.advanced(by: 1)
        }
        return days
    }

    /// How many events the API should count on these days.
    func expected(on run: ClosedRange<CalendarDay>) -> Int { events(in: run) }

    /// Takes the count of the days that ``next`` asks for. `isProven`: the first and the last event counted are those that
    /// the archive has of these days.
    mutating func recordCount(_ total: Int, isProven: Bool) {
        guard case .count(let run) = open.popLast() else { return }
        let expected = events(in: run)
        if total == expected && isProven {
            agreed.append(run)
        } else if total == expected {
            compareByIDs(also: run)
        } else if run.dayCount > 1 && max(total, expected) > capacity {
            let (first, second) = halves(of: run)
            open += [.count(second), .count(first)]
        } else {
            self.total = total
            open.append(.compare(run))
        }
    }

    /// Takes the outcome of the comparison that ``next`` asks for: how many events the API has on these days by their own
    /// times, or `nil` where a count could not be expected to say the same.
    mutating func recordComparison(events: Int?) {
        guard case .compare = open.popLast() else { return }
        defer { total = nil }
        guard let total, let events, total != events, !isByIDs else { return }
        compareByIDs()
    }

    private mutating func compareByIDs(also run: ClosedRange<CalendarDay>? = nil) {
        isByIDs = true
        open = (open.map(\.run) + agreed.reversed() + [run].compactMap { $0 }).flatMap { pieces(of: $0).reversed() }
            .map(Step.compare)
        agreed = []
    }

    private func events(in run: ClosedRange<CalendarDay>) -> Int {
        guard run.dayCount > records.count else {
            return (0..<run.dayCount).reduce(0) { $0 + (records[run.lowerBound.advanced(by: $1)] ?? 0) }
        }
        return records.reduce(0) { $0 + (run.contains($1.key) ? $1.value : 0) }
    }

    /// Two runs of about as many events; each has a day at least.
    private func halves(of run: ClosedRange<CalendarDay>) -> (ClosedRange<CalendarDay>, ClosedRange<CalendarDay>) {
        let half = events(in: run) / 2
        var sum = 0
        var last = run.lowerBound
        for day in records.keys.sorted() where run.contains(day) && day < run.upperBound {
            sum += records[day] ?? 0
            last = day
            if sum >= half { break }
        }
        if sum == 0 { last = run.lowerBound.advanced(by: (run.dayCount - 1) / 2) }
        return (run.lowerBound...last, last.advanced(by: 1)...run.upperBound)
    }

    /// The run in pieces of at most ``capacity`` events or a day.
    private func pieces(of run: ClosedRange<CalendarDay>) -> [ClosedRange<CalendarDay>] {
        guard run.dayCount > 1, events(in: run) > capacity else { return [run] }
        let (first, second) = halves(of: run)
        return pieces(of: first) + pieces(of: second)
    }
}

extension ReconcilePlan.Step {
    /// Its days.
    var run: ClosedRange<CalendarDay> {
        switch self {
        case .count(let run), .compare(let run): run
        }
    }
}

extension Manifest {
    /// The events that the API should count on each day, by the archive and by what earlier comparisons found.
    var expectedCounts: [CalendarDay: Int] {
        var counts = Dictionary(partitions.map { ($0.date, $0.records) }) { first, _ in first }
        for run in checked {
            // The first day stands for the run: only sums over runs are compared.
            counts[run.from, default: 0] += (run.unexplained ?? 0) - (run.goneAtVendor ?? 0)
        }
        return counts
    }

    /// The times of the archive's first and last event on these days.
    func edges(of days: ClosedRange<CalendarDay>) -> (first: Timestamp, last: Timestamp)? {
        let files = files.filter { days.contains($0.name.date) }
        guard let first = files.map(\.firstEventTimestamp).min(), let last = files.map(\.lastEventTimestamp).max()
        else { return nil }
        return (first, last)
    }
}
