import CivilTime

/// Decides what to ask the API to find out whether some days are complete: counts for runs of days as long as counts can
/// be compared, the events themselves where they differ. It does no I/O.
///
/// The API's days may not be UTC's, so a count that differs accuses nobody: it only says where ids have to be compared.
/// If the ids then agree, counts mean something else than they seem to, and the ids of all days are compared. A count that
/// agrees proves something only where the first and the last event counted are the archive's. Then the filter may still
/// begin or end hours beside the day without an archived event there to show it, so the outer days of every run are
/// compared by ids as well.
struct ReconcilePlan: Sendable {
    /// What to do next.
    enum Step: Hashable, Sendable {
        /// Ask how many events the days have, with one small request.
        case count(DayRun)
        /// Read the days' events, and compare ids.
        case walk(DayRun)
    }

    /// Runs with at most so many events are walked rather than cut in two.
    static let defaultCapacity = 10_000

    /// A run of so few days is not worth a count.
    private static let mostDaysByIDs = 2

    private let records: [CalendarDay: Int]
    private let capacity: Int
    private var open: [Step] = []
    private var total: Int?

    /// The runs whose counts agreed.
    private(set) var agreed: [DayRun] = []

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
        _ runs: [DayRun], records: [CalendarDay: Int], start: Timestamp, sample: CalendarDay? = nil,
        byIDs: Bool = false, capacity: Int = defaultCapacity
    ) {
        self.records = records
        self.capacity = max(1, capacity)
        if byIDs {
            isByIDs = true
            open = runs.flatMap { pieces(of: $0) }.reversed().map(Step.walk)
            return
        }
        for run in runs.reversed() { open += Self.steps(for: run, start: start, sample: sample).reversed() }
    }

    private static func steps(for run: DayRun, start: Timestamp, sample: CalendarDay?) -> [Step] {
        guard run.count > mostDaysByIDs else { return [.walk(run)] }
        let begins = run.contains(start.day) && start != start.day.start
        let counted = begins ? DayRun(first: start.day.advanced(by: 1), last: run.last) : run
        var days: Set = [run.first, counted.first, run.last]
        if let sample, run.contains(sample) { days.insert(sample) }
        return days.sorted().map { .walk(DayRun(first: $0, last: $0)) } + [.count(counted)]
    }

    /// The step to take now; `nil` if everything is known.
    var next: Step? { open.last }

    /// How many events the API should count on these days.
    func expected(on run: DayRun) -> Int { events(in: run) }

    /// Takes the count of the days that ``next`` asks for. `isProven`: the first and the last event counted are those that
    /// the archive has of these days.
    mutating func recordCount(_ total: Int, isProven: Bool) {
        guard case .count(let run) = open.popLast() else { return }
        let expected = events(in: run)
        if total == expected && isProven {
            agreed.append(run)
        } else if total == expected {
            compareByIDs(also: run)
        } else if run.count > 1 && max(total, expected) > capacity {
            let (first, second) = halves(of: run)
            open += [.count(second), .count(first)]
        } else {
            self.total = total
            open.append(.walk(run))
        }
    }

    /// Takes the outcome of the walk that ``next`` asks for: how many events the API has on these days by their own
    /// times, or `nil` where a count could not be expected to say the same.
    mutating func recordWalk(events: Int?) {
        guard case .walk = open.popLast() else { return }
        defer { total = nil }
        guard let total, let events, total != events, !isByIDs else { return }
        compareByIDs()
    }

    private mutating func compareByIDs(also run: DayRun? = nil) {
        isByIDs = true
        open = (open.map(\.run) + agreed.reversed() + [run].compactMap { $0 }).flatMap { pieces(of: $0).reversed() }
            .map(Step.walk)
        agreed = []
    }

    private func events(in run: DayRun) -> Int {
        guard run.count > records.count else {
            return (0..<run.count).reduce(0) { $0 + (records[run.first.advanced(by: $1)] ?? 0) }
        }
        return records.reduce(0) { $0 + (run.contains($1.key) ? $1.value : 0) }
    }

    /// Two runs of about as many events; each has a day at least.
    private func halves(of run: DayRun) -> (DayRun, DayRun) {
        let half = events(in: run) / 2
        var sum = 0
        var last = run.first
        for day in records.keys.sorted() where run.contains(day) && day < run.last {
            sum += records[day] ?? 0
            last = day
            if sum >= half { break }
        }
        if sum == 0 { last = run.first.advanced(by: (run.count - 1) / 2) }
        return (DayRun(first: run.first, last: last), DayRun(first: last.advanced(by: 1), last: run.last))
    }

    /// The run in pieces of at most ``capacity`` events or a day.
    private func pieces(of run: DayRun) -> [DayRun] {
        guard run.count > 1, events(in: run) > capacity else { return [run] }
        let (first, second) = halves(of: run)
        return pieces(of: first) + pieces(of: second)
    }
}

extension ReconcilePlan.Step {
    /// Its days.
    var run: DayRun {
        switch self {
        case .count(let run), .walk(let run): run
        }
    }
}
