package import AuditArchive
package import AuditRecords
package import CivilTime

/// What a comparison of the archive with the API found.
package struct ReconcileReport: Sendable {
    /// One day on which they differ.
    package struct Day: Sendable, Equatable {
        /// Which one.
        package var date: CalendarDay
        /// Its events in the archive, before any repair.
        package var archived: Int
        /// Its events by the API.
        package var api: Int
        /// Events that the API has and the archive had not.
        package var missing: Int
        /// Events that the archive has and the API has no more.
        package var gone: Int
    }

    /// How a comparison ended.
    package enum Outcome: String, Sendable {
        /// Everything agrees, or does now.
        case ok
        /// There was no closed day to compare.
        case nothingCompared = "nothing_compared"
        /// Differences are left.
        case differs
        /// What could be compared agrees, but some days could not be.
        case incomplete
        /// Ended before all was compared.
        case failed
    }

    /// Events listed one by one, of each kind.
    static let mostListed = 20

    /// Days compared.
    package var days = 0
    /// From the first to the last of them; `nil` for none. There may be days between that were not compared.
    package var range: ClosedRange<CalendarDay>?
    /// The days on which archive and API differ, sorted.
    package var differing: [Day] = []
    /// The first missing events, sorted.
    package var missing: [EventReference] = []
    /// The first gone events, sorted.
    package var gone: [EventReference] = []
    /// Whether the missing events were archived.
    package var isRepaired = false
    /// Whether a person accepted that the vendor no longer has some.
    package var acceptsGone = false
    /// Whether only the days of what is in quarantine were asked for.
    package var retriesQuarantine = false
    /// What the days that were compared turned out to have, a run a day.
    package var checks: [CheckedRun] = []
    /// What a person should know although the comparison went on.
    package var warnings: [String] = []
    /// Days that a sync is to fetch first.
    package var pending: [ClosedRange<CalendarDay>] = []
    /// Days whose pages did not add up.
    package var incomplete: [ClosedRange<CalendarDay>] = []
    /// Whether it ended before all was compared.
    package var isFailed = false
    /// Events archived.
    package var events = 0
    /// Data files published.
    package var files = 0
    /// Their bytes on disk.
    package var bytes = 0
    /// Records newly kept aside.
    package var quarantined = 0
    /// What a person has to know: said even where nothing else is.
    package var alerts: [String] = []
    /// Requests sent, tries counted one by one.
    package var requests = 0
    /// From start to end.
    package var duration = Duration.zero
    /// The archive's generation afterwards.
    package var generation = 0

    /// A report of nothing compared yet.
    package init() {}

    /// Records among what is missing that are no events, and not in quarantine either.
    var unkept = 0

    /// What a person has to know of these.
    var unkeptWarnings: [String] {
        guard unkept > 0 else { return [] }
        return [
            "\(unkept) of the records missing here are no events: a repair, or a sync that meets them, puts them in quarantine"
        ]
    }

    /// All missing events.
    package var missingCount: Int { differing.reduce(0) { $0 + $1.missing } }

    /// All gone events.
    package var goneCount: Int { differing.reduce(0) { $0 + $1.gone } }

    /// How it ended.
    package var outcome: Outcome {
        if isFailed { return .failed }
        if days == 0 && pending.isEmpty { return .nothingCompared }
        if goneCount > 0 && !acceptsGone || missingCount > 0 && !isRepaired { return .differs }
        return pending.isEmpty && incomplete.isEmpty ? .ok : .incomplete
    }
}
