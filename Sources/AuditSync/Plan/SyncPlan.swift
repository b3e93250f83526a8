package import AuditArchive
package import JSONText

/// What a sync has to do, decided from the archive's manifest, the settings and the time alone.
package struct SyncPlan: Sendable, Equatable {
    /// Events before this are not wanted.
    package var startTimestamp: Timestamp

    /// The event times to walk; the last range is open, to the end of time.
    package var work: TimeRanges

    /// What the person should know.
    package var warnings: [String] = []

    /// Whether this is a first sync that fetches no past events: it only finds out whether the token works.
    package var isFirstWithoutBackfill: Bool { work.isEmpty }

    /// Decides.
    ///
    /// - Every sync looks at all events from the newest archived one less the look-back on, since events surface late.
    /// - What an earlier sync left to do is done first, and a start that was moved back adds the gap.
    package init(manifest: Manifest?, settings: SyncSettings, now: Timestamp) {
        guard let manifest else {
            startTimestamp = settings.backfillStart ?? now
            work = TimeRanges(settings.backfillStart.map { [TimeRange(from: $0, to: .endOfTime)] } ?? [])
            return
        }
        let wanted = settings.backfillStart ?? manifest.startTimestamp
        startTimestamp = min(wanted, manifest.startTimestamp)
        work = manifest.pending
        work.insert(TimeRange(from: startTimestamp, to: manifest.startTimestamp))
        work.insert(TimeRange(from: Self.tailStart(manifest, startTimestamp, settings.lookback), to: .endOfTime))
        if wanted > manifest.startTimestamp {
            warnings.append(
                "backfill_start_time \(wanted) is later than the archive's start \(manifest.startTimestamp) and is ignored"
            )
        }
    }

    private static func tailStart(_ manifest: Manifest, _ start: Timestamp, _ lookback: Duration) -> Timestamp {
        guard let last = manifest.lastEventTimestamp else { return manifest.startTimestamp }
        // A look-back longer than the calendar would overflow, and means everything.
        guard lookback < .seconds(86_400 * 366 * 9_999) else { return start }
        return max(start, last - lookback)
    }
}

extension Timestamp {
    /// Later than every event.
    package static let endOfTime = CalendarDay.last.start
}
