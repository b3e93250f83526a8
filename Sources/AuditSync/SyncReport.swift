package import CivilTime

/// What a sync did, for the summary.
package struct SyncReport: Sendable {
    /// How a sync ended.
    package enum Outcome: String, Sendable {
        /// Everything that was asked for is archived.
        case ok
        /// What was received is archived, but a window could not be read in full.
        case incomplete
        /// Stopped from outside, with progress kept.
        case interrupted
        /// Stopped early by a limit, with progress kept.
        case stopped
        /// Ended by an error, with progress kept.
        case failed
    }

    /// How it ended.
    package var outcome = Outcome.ok
    /// Events archived.
    package var events = 0
    /// Records received that were archived already.
    package var duplicates = 0
    /// Records newly kept aside.
    package var quarantined = 0
    /// Data files published.
    package var files = 0
    /// Their bytes on disk.
    package var bytes = 0
    /// Requests sent, tries counted one by one.
    package var requests = 0
    /// Requests sent again after a fault or a 429.
    package var retries = 0
    /// Time spent waiting for limits and backoffs.
    package var waited = Duration.zero
    /// The newest event in the archive that is not dated in the future.
    package var lastEventTimestamp: Timestamp?
    /// The newest date that is final together with all before it.
    package var completeThrough: CalendarDay?
    /// From start to end.
    package var duration = Duration.zero
    /// The archive's generation after the sync.
    package var generation = 0
    /// What a person should know although the sync went on.
    package var warnings: [String] = []
    /// What a person has to know although the sync went on: said even where nothing else is.
    package var alerts: [String] = []

    /// A report of nothing done yet.
    package init() {}

    /// Adds what comparing the days that close found.
    mutating func add(_ found: ReconcileReport) {
        events += found.events
        files += found.files
        bytes += found.bytes
        quarantined += found.quarantined
        warnings += found.warnings
        alerts += found.alerts
        if found.missingCount > 0 {
            warnings.append(
                "\(found.missingCount) events of days that have closed were missing here and are archived now")
        }
        if found.goneCount > 0 {
            warnings.append(
                "\(found.goneCount) events of days that have closed are gone from the API; the archive keeps them")
        }
        for run in found.incomplete {
            warnings.append(
                "the API's pages did not add up for \(run.lowerBound) to \(run.upperBound), which have closed")
        }
    }
}
