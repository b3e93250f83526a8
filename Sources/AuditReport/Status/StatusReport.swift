package import AuditArchive
package import CivilTime

/// How an archive is, as far as that can be said without reading its events: the verdict, and what it comes from.
package struct StatusReport: Sendable {
    /// What is not in the manifest.
    package struct Surroundings: Sendable {
        /// The time.
        package var now: Timestamp
        /// How far back every sync looks for late events.
        package var lookback: Duration
        /// How long ago the last success may be.
        package var maximumAge: Duration
        /// What `freshness.json` says; `nil` where it is not there.
        package var freshness: Freshness?
        /// Whether the last two syncs met the same times whose pages did not add up.
        package var isContradicted: Bool

        /// Gathers what is not in the manifest.
        package init(
            now: Timestamp, lookback: Duration, maximumAge: Duration, freshness: Freshness?,
            isContradicted: Bool = false
        ) {
            self.now = now
            self.lookback = lookback
            self.maximumAge = maximumAge
            self.freshness = freshness
            self.isContradicted = isContradicted
        }
    }

    /// The manifest that all of this is about.
    package let manifest: Manifest
    /// The named files that are missing or have another size.
    package let faults: [ArchiveFault]
    /// Why records are in quarantine; `nil` where that cannot be read.
    package let quarantine: QuarantineTally?
    /// What is not in the manifest.
    package let surroundings: Surroundings
    /// Event times that are still to be read. The look-back, which every sync reads again, does not count.
    package let backlog: RangeSet<Timestamp>
    /// Which closed days were compared with the API.
    package let proof: DayProof

    private let cover: DayCover

    /// Describes an archive.
    package init(_ inspection: ArchiveInspection, _ surroundings: Surroundings) {
        let manifest = inspection.manifest
        self.manifest = manifest
        faults = inspection.faults
        quarantine = inspection.quarantine
        self.surroundings = surroundings
        var backlog = manifest.pending
        backlog.remove(
            contentsOf: Range(from: Self.lookbackStart(surroundings), to: CalendarDay.last.start))
        self.backlog = backlog
        proof = DayProof(manifest, backlog: backlog)
        let read = [surroundings.freshness?.lastSuccessAt, manifest.syncedTo].compactMap(\.self).max()
        let readTo = read ?? manifest.writtenAt
        cover = DayCover(manifest, backlog: backlog, readTo: readTo.day)
    }

    /// The first that holds, in the order of the verdicts.
    package var verdict: Verdict {
        if !faults.isEmpty { return .damaged }
        if failuresInARow >= Verdict.failuresThatMeanStuck || surroundings.isContradicted { return .stuck }
        if !backlog.isEmpty || !proof.differing.isEmpty { return .incomplete }
        return isLate ? .late : .ok
    }

    /// Whether the last success is too long ago, or it is not known when it was: there was none, or its clock was ahead.
    package var isLate: Bool {
        successAge.map { $0 > surroundings.maximumAge || $0 < .zero - Self.mostAhead } ?? true
    }

    /// The clocks of two machines may differ by so much.
    private static let mostAhead = Duration.seconds(3_600)

    /// How long ago the last success is; `nil` where none is known. Negative where the clock was set back.
    package var successAge: Duration? { surroundings.freshness?.lastSuccessAt.map { surroundings.now - $0 } }

    /// How long ago the newest event is; negative where the clock was set back.
    package var eventAge: Duration? { manifest.lastEventTimestamp.map { surroundings.now - $0 } }

    /// Failures since the last success.
    package var failuresInARow: Int { surroundings.freshness?.lastRun?.failuresInARow ?? 0 }

    /// How much event time is still to be read.
    package var backlogDuration: Duration {
        backlog.ranges.reduce(.zero) { $0 + ($1.upperBound - $1.lowerBound) }
    }

    /// Records in quarantine.
    package var quarantined: Int { manifest.quarantine.reduce(0) { $0 + $1.records } }

    /// The covered days that are not closed yet, oldest first; today is the last one.
    package var openDays: [CalendarDay] {
        let today = surroundings.now.day
        let first = manifest.completeThrough.map { $0.advanced(by: 1) } ?? manifest.startTimestamp.day
        guard first <= today else { return [] }
        return (0...first.days(until: today)).map { first.advanced(by: $0) }
    }

    /// So many days up to today, oldest first.
    package func days(last count: Int) -> [DayStatus] {
        let today = surroundings.now.day
        return cover.days((0..<count).map { today.advanced(by: $0 + 1 - count) }, today: today)
    }

    private static func lookbackStart(_ surroundings: Surroundings) -> Timestamp {
        // A look-back longer than the calendar would overflow, and means everything.
        guard surroundings.lookback < .seconds(86_400 * 366 * 9_999) else { return CalendarDay.first.start }
        return surroundings.now - surroundings.lookback
    }
}
