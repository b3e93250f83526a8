package import AuditArchive
import AuditRecords
package import CivilTime

/// What is to be said of single events of a period: each would be a question of the auditor's.
package struct StatementExceptions: Sendable, Equatable {
    /// Events that came late.
    package struct Late: Sendable, Equatable {
        /// How many came later than the look-back after they happened.
        package var events = 0
        /// The longest that one took.
        package var longest = Duration.zero
        /// Events from before the archive was begun: how late the vendor showed them cannot be told.
        package var backfilled = 0
        /// Events of which it is not known when they came.
        package var unknown = 0
        /// The ids of the first few.
        package var ids: [String] = []
    }

    /// Events of which the vendor has shown another version.
    package struct Changed: Sendable, Equatable {
        /// How many of the population.
        package var events = 0
        /// Those of them that have another time in such a version.
        package var moved = 0
        /// Versions that name a date of the period, of events that are archived under a date outside of it.
        package var movedIn = 0
        /// The ids of the first few.
        package var ids: [String] = []
    }

    /// Events that are gone at the vendor and stay in the archive.
    package struct Gone: Sendable, Equatable {
        /// The dates.
        package var from: CalendarDay
        package var to: CalendarDay
        /// How many.
        package var events: Int
        /// Whether a person has accepted that.
        package var isAccepted: Bool
    }

    /// Records that were kept aside, for they are no events that could be archived.
    package struct Quarantined: Sendable, Equatable {
        /// Why.
        package var reason: String
        /// How many that name a date of the period, or came on one.
        package var records: Int
    }

    package var late = Late()
    package var changed = Changed()
    package var gone: [Gone] = []
    package var quarantined: [Quarantined] = []
    package var pruned: [PrunedRun] = []
    package var erased: [EvidenceReview.Erased] = []
    package var held: [Hold] = []
    package var pending: [Range<Timestamp>] = []

    /// What a manifest and the evidence say of a period. `tally`: what the events of the period come to.
    init(
        _ manifest: Manifest, _ period: ClosedRange<CalendarDay>, _ tally: StatementTally, _ aside: [KeptAside.Entry],
        _ review: EvidenceReview?
    ) {
        func overlaps(_ from: CalendarDay, _ to: CalendarDay) -> Bool {
            from <= period.upperBound && period.lowerBound <= to
        }
        (late, changed) = (tally.late, tally.changed)
        changed.movedIn = aside.count { entry in
            guard entry.isChange, let key = entry.key, let time = entry.time else { return false }
            return period.contains(time.day) && !tally.found.contains(key)
        }
        var reasons: [String: Int] = [:]
        for entry in aside where !entry.isChange && entry.dates.contains(where: period.contains) {
            reasons[entry.reason, default: 0] += 1
        }
        quarantined = reasons.sorted { $0.key < $1.key }.map { Quarantined(reason: $0.key, records: $0.value) }
        var seen: [CheckedRun] = []
        for offset in 0...period.lowerBound.days(until: period.upperBound) {
            let date = period.lowerBound.advanced(by: offset)
            // The newest comparison of a date is the one that counts.
            guard let run = manifest.checked.first(where: { $0.contains(date) }), seen.last != run else { continue }
            seen.append(run)
            if let accepted = run.goneAtVendor {
                gone.append(Gone(from: run.from, to: run.to, events: accepted, isAccepted: true))
            }
            if let difference = run.difference, difference < 0 {
                gone.append(Gone(from: run.from, to: run.to, events: -difference, isAccepted: false))
            }
        }
        pruned = manifest.pruned.filter { overlaps($0.from, $0.to) }
        erased = review?.erased.filter { period.contains($0.date) } ?? []
        held = manifest.holds.filter { overlaps($0.from, $0.to) }
        let times = Range(from: period.lowerBound.start, to: period.upperBound.advanced(by: 1).start)
        pending = manifest.pending.ranges.filter { $0.overlaps(times) }
    }
}
