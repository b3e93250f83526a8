package import AuditArchive
package import CivilTime
import JSONText

/// What an archive's manifest says of the events of some dates: whether something may be missing, and if so what.
package struct Completeness: Sendable, Equatable {
    /// Whether nothing is missing: every date is closed and was read to its end, nothing of it is still to be fetched, was
    /// removed, or is known to the API alone.
    package private(set) var isComplete: Bool
    /// The same in a few sentences.
    package private(set) var note: String
    /// What may be missing, and why.
    package private(set) var gaps: [Gap]
    /// Dates that were closed and read to their end, and that nobody has compared with the API.
    package private(set) var unchecked: [CalendarDay]

    /// A reason for which something may be missing.
    package struct Gap: Sendable, Equatable {
        /// The reasons. The raw values are stable: scripts read them from `statement.json`.
        package enum Kind: String, Sendable, CaseIterable {
            /// It lies before the archive's start.
            case before
            /// It is later than what was looked at.
            case unseen
            case pending, open, differing, unexplained, erased, pruned
        }

        /// Which reason.
        package var kind: Kind
        /// The same as a sentence, with the dates.
        package var text: String
    }

    /// What is known of the dates of a query.
    package init(_ manifest: Manifest, _ query: EventQuery) {
        let range = DateRange(manifest, query)
        let days = range.days.map { DayCompleteness($0, manifest) }
        var gaps = range.gaps(manifest)
        gaps += Self.gaps(days)
        gaps += Self.pruned(manifest, range)
        isComplete = gaps.isEmpty
        let praise = Self.praise(days)
        var sentences = gaps.isEmpty ? praise : gaps.map(\.text) + Self.rest(days)
        self.gaps = gaps
        unchecked = days.filter { $0.state == .closed && !$0.isChecked }.map(\.date)
        sentences += Self.quarantine(manifest)
        note = sentences.joined(separator: " ")
    }

    private static func praise(_ days: [DayCompleteness]) -> [String] {
        guard !days.isEmpty else { return [] }
        let subject = days.count == 1 ? "The day is closed" : "All \(days.count) days are closed"
        let unchecked = days.filter { !$0.isChecked }
        if unchecked.isEmpty {
            return ["\(subject) and \(days.count == 1 ? "agrees" : "agree") with the API: nothing is missing."]
        }
        let all = days.count == 1 ? "it was" : "they were"
        let which = unchecked.count == days.count ? all : "\(name(unchecked)) was"
        return [
            "\(subject), read to the end, and nothing is known to be missing; \(which) not compared with the API yet."
        ]
    }

    /// The dates of which nothing is missing, where it is not so of all.
    private static func rest(_ days: [DayCompleteness]) -> [String] {
        let sound = days.filter { $0.state == .closed }
        guard !sound.isEmpty else { return [] }
        let subject = sound.count == 1 ? "The other day is closed" : "The other \(sound.count) days are closed"
        let unchecked = sound.count { !$0.isChecked }
        if unchecked == 0 { return ["\(subject) and \(sound.count == 1 ? "agrees" : "agree") with the API."] }
        let which = unchecked == sound.count ? "" : "\(unchecked) of them "
        return ["\(subject) and read to the end, \(which)not compared with the API yet."]
    }

    private static func gaps(_ days: [DayCompleteness]) -> [Gap] {
        var gaps: [Gap] = []
        func add(_ state: DayCompleteness.State, _ kind: Gap.Kind, _ sentence: (String) -> String) {
            let found = days.filter { $0.state == state }
            if !found.isEmpty { gaps.append(Gap(kind: kind, text: sentence(name(found)))) }
        }
        let isOne = days.count == 1
        add(.open, .open) { dates in
            isOne ? "The day is still open: events may still arrive." : "Still open, events may still arrive: \(dates)."
        }
        add(.pending, .pending) { "To be fetched by the next sync, events may be missing: \($0)." }
        add(.differing, .differing) { dates in
            "Archive and API differ: \(dates). `reconcile` says how, and `reconcile --repair` fetches what is missing."
        }
        add(.unexplained, .unexplained) { "The API counts more events than it shows: \($0)." }
        add(.erased, .erased) { "Events were erased, on record: \($0)." }
        return gaps
    }

    private static func pruned(_ manifest: Manifest, _ range: DateRange) -> [Gap] {
        manifest.pruned.filter { range.overlaps($0.from, $0.to) }.map { run in
            let dates = run.from == run.to ? "\(run.from)" : "\(run.from) to \(run.to)"
            let events = run.records == 1 ? "1 event" : "\(run.records) events"
            return Gap(
                kind: .pruned, text: "Removed by prune: \(dates) (\(events); \(VisibleText.oneLine(run.reason))).")
        }
    }

    private static func quarantine(_ manifest: Manifest) -> [String] {
        let records = manifest.quarantine.reduce(0) { $0 + $1.records }
        guard records > 0 else { return [] }
        return ["Records in quarantine, not shown here: \(records)."]
    }

    private static func name(_ days: [DayCompleteness]) -> String { name(days.map(\.date)) }

    /// Dates in a few words: those in a row as one.
    static func name(_ days: [CalendarDay]) -> String {
        var runs: [(first: CalendarDay, last: CalendarDay)] = []
        for day in days {
            if let last = runs.last, last.last.advanced(by: 1) == day {
                runs[runs.count - 1].last = day
            } else {
                runs.append((day, day))
            }
        }
        let most = 4
        let texts = runs.prefix(most).map { $0.first == $0.last ? "\($0.first)" : "\($0.first) to \($0.last)" }
        let rest = runs.dropFirst(most).reduce(0) { $0 + $1.first.days(until: $1.last) + 1 }
        return texts.joined(separator: ", ") + (rest > 0 ? " and \(rest) more days" : "")
    }
}

/// The dates of a query that an archive can say something about.
private struct DateRange {
    /// From the archive's start to the last date that may have events.
    let days: [CalendarDay]
    private let query: EventQuery
    private let first: CalendarDay
    private let last: CalendarDay

    /// No archive is older; whoever asks for more is told of the rest in one word.
    private static let mostDays = 200_000

    init(_ manifest: Manifest, _ query: EventQuery) {
        self.query = query
        let start = manifest.startTimestamp.day
        // What is not asked for goes on until now, which is when the manifest was written or later.
        let end = [manifest.writtenAt.day, manifest.completeThrough, manifest.checked.last?.to].compactMap(\.self).max()
        let newest = end ?? manifest.writtenAt.day
        first = max(query.from?.day ?? start, start)
        last = query.through.map(\.day) ?? newest
        let count = min(max(0, first.days(until: min(last, max(newest, first))) + 1), Self.mostDays)
        days = first <= last ? (0..<count).map { [first] in first.advanced(by: $0) } : []
    }

    func overlaps(_ from: CalendarDay, _ to: CalendarDay) -> Bool {
        from <= last && (query.from?.day ?? .first) <= to
    }

    /// What is asked for and no archive of this start and age can have.
    func gaps(_ manifest: Manifest) -> [Completeness.Gap] {
        var gaps: [Completeness.Gap] = []
        func add(_ kind: Completeness.Gap.Kind, _ text: String) {
            gaps.append(Completeness.Gap(kind: kind, text: text))
        }
        let start = manifest.startTimestamp
        if query.from.map({ $0 < start }) ?? (last < start.day) {
            add(.before, "The archive begins at \(Self.moment(start)): nothing from before is in it.")
        }
        if let newest = days.last, newest < last {
            add(.unseen, "Not seen yet: what comes after \(newest).")
        } else if days.isEmpty, gaps.isEmpty {
            add(.unseen, "Not seen yet: what comes after \(Self.moment(manifest.writtenAt)).")
        }
        return gaps
    }

    private static func moment(_ time: Timestamp) -> String {
        "\(time.description.prefix(10)) \(time.description.dropFirst(11).prefix(8)) UTC"
    }
}

/// What a manifest says of one date.
struct DayCompleteness: Sendable, Equatable {
    /// The first that holds, of those that leave something open.
    enum State: Sendable {
        case pending, open, differing, unexplained, erased, pruned, closed
    }

    let date: CalendarDay
    let state: State
    /// Whether it was compared with the API, and both had the same.
    let isChecked: Bool
    /// Whether it was compared with the API, whatever that said.
    let run: CheckedRun?

    init(_ date: CalendarDay, _ manifest: Manifest) {
        self.date = date
        run = manifest.checked.first { $0.contains(date) }
        let partition = manifest.partition(of: date)
        isChecked = run.map { !$0.isLeftApart && $0.unexplained ?? 0 == 0 } ?? false
        let isClosed =
            manifest.completeThrough.map { date <= $0 } ?? false || run != nil
            || (partition.map { $0.state != .open } ?? false)
        state =
            if manifest.pruned.contains(where: { $0.from <= date && date <= $0.to }) {
                .pruned
            } else if !manifest.pending.isDisjoint(RangeSet(Range(of: date))) {
                .pending
            } else if !isClosed {
                .open
            } else if let run, run.isLeftApart {
                .differing
            } else if let run, (run.unexplained ?? 0) > 0 {
                .unexplained
            } else if partition?.state == .erased {
                .erased
            } else {
                .closed
            }
    }
}

extension Manifest {
    /// The partition of a date; nil where it has no events.
    func partition(of date: CalendarDay) -> Partition? {
        var (low, high) = (0, partitions.count)
        while low < high {
            let middle = (low + high) / 2
            if partitions[middle].date < date { low = middle + 1 } else { high = middle }
        }
        return low < partitions.count && partitions[low].date == date ? partitions[low] : nil
    }
}
