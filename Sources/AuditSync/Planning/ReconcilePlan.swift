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
    ///   - records: by day, the archive's events, which the API should count.
    ///   - unsure: days of which counts tell nothing, since the API is known to count what the archive has not, or the other way
    ///     round: what came since makes up for it. They are compared by ids.
    ///   - start: events before it are not wanted, so that its day can only be compared by ids unless it is midnight.
    ///   - sample: a day whose ids are compared whatever the counts say: an event that is missing here and one that is gone
    ///     there make up for each other.
    ///   - byIDs: whether no count is to be believed.
    ///   - countsEachDay: whether each day is counted for itself, since its count is to be told.
    init(
        _ runs: [ClosedRange<CalendarDay>], records: [CalendarDay: Int], unsure: Set<CalendarDay> = [],
        start: Timestamp, sample: CalendarDay? = nil, byIDs: Bool = false, countsEachDay: Bool = false,
        capacity: Int = defaultCapacity
    ) {
        self.records = records
        self.capacity = max(1, capacity)
        if byIDs {
            isByIDs = true
            open = runs.flatMap { pieces(of: $0) }.reversed().map(Step.compare)
            return
        }
        for run in runs.reversed() {
            let steps = steps(for: run, unsure: unsure, start: start, sample: sample)
            open += (countsEachDay ? steps.flatMap(\.ofEachDay) : steps).reversed()
        }
    }

    private func steps(
        for run: ClosedRange<CalendarDay>, unsure: Set<CalendarDay>, start: Timestamp, sample: CalendarDay?
    ) -> [Step] {
        guard run.dayCount > Self.mostDaysByIDs else { return [.compare(run)] }
        let begins = run.contains(start.day) && start != start.day.start
        let first = begins ? start.day.advanced(by: 1) : run.lowerBound
        guard let counted = ClosedRange(first, through: run.upperBound) else { return [.compare(run)] }
        var days: Set = [run.lowerBound, first, run.upperBound]
        if let sample, run.contains(sample) { days.insert(sample) }
        let stretches = Self.stretches(of: counted, unsure)
        let sure = stretches.filter(\.isSure).flatMap { stretch -> [Step] in
            stretch.run.dayCount > Self.mostDaysByIDs ? [.count(stretch.run)] : [.compare(stretch.run)]
        }
        let others = stretches.filter { !$0.isSure }.flatMap { pieces(of: $0.run) }.map(Step.compare)
        return days.subtracting(unsure).sorted().map { .compare($0...$0) } + others + sure
    }

    /// The days in stretches that are sure or unsure.
    private static func stretches(
        of run: ClosedRange<CalendarDay>, _ unsure: Set<CalendarDay>
    ) -> [(run: ClosedRange<CalendarDay>, isSure: Bool)] {
        guard !unsure.isEmpty else { return [(run, true)] }
        var stretches: [(run: ClosedRange<CalendarDay>, isSure: Bool)] = []
        for day in run.days {
            let isSure = !unsure.contains(day)
            if let last = stretches.last, last.isSure == isSure {
                stretches[stretches.count - 1].run = last.run.lowerBound...day
            } else {
                stretches.append((day...day, isSure))
            }
        }
        return stretches
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

    /// The day with as many events before it as behind it, about; none where there is none within.
    func division(of run: ClosedRange<CalendarDay>) -> [CalendarDay] {
        guard run.dayCount > 2 else { return [] }
        let last = halves(of: run).0.upperBound
        return [max(last, run.lowerBound.advanced(by: 1))]
    }

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

    /// A count for each of the days; a comparison as it is.
    fileprivate var ofEachDay: [ReconcilePlan.Step] {
        switch self {
        case .count(let run): run.days.map { .count($0...$0) }
        case .compare: [self]
        }
    }
}

extension Manifest {
    /// The archive's events on each day.
    var recordCounts: [CalendarDay: Int] {
        Dictionary(partitions.map { ($0.date, $0.records) }) { first, _ in first }
    }

    /// The days on which an earlier comparison found that the API counts what it does not list, or has no more what the archive
    /// has.
    var unsureDays: Set<CalendarDay> {
        Set(checked.filter { ($0.unexplained ?? 0) + ($0.goneAtVendor ?? 0) > 0 }.flatMap { ($0.from...$0.to).days })
    }

    /// The times of the archive's first and last event on these days.
    func edges(of days: ClosedRange<CalendarDay>) -> (first: Timestamp, last: Timestamp)? {
        let files = files.filter { days.contains($0.name.date) }
        guard let first = files.map(\.firstEventTimestamp).min(), let last = files.map(\.lastEventTimestamp).max()
        else { return nil }
        return (first, last)
    }
}
