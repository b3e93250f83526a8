import AuditArchive
import CivilTime

/// What a sync has to do, decided from the archive's manifest, the settings and the time alone.
struct SyncPlan: Sendable, Equatable {
    /// Events before this are not wanted.
    var startTimestamp: Timestamp

    /// The event times to read; the last range is open, to the end of time.
    var work: RangeSet<Timestamp>

    /// What the person should know.
    var warnings: [String] = []

    /// Whether this is a first sync that fetches no past events: it only finds out whether the token works.
    var isFirstWithoutBackfill: Bool { work.isEmpty }

    /// Decides.
    ///
    /// - Every sync looks at all events from `synced_to` less the look-back on, since events surface late.
    /// - What an earlier sync left to do is done first, and a start that was moved back adds the gap.
    /// - What was pruned is never read again.
    ///
    /// - Parameter walkedTo: the newest event time that the last whole pass of the look-back had seen, if that is known.
    ///   Probes since then may have missed a late event that a removal hid, so the next pass looks back from there.
    init(manifest: Manifest?, settings: SyncSettings, now: Timestamp, walkedTo: Timestamp? = nil) {
        guard let manifest else {
            startTimestamp = settings.backfillStart ?? now
            work = RangeSet(settings.backfillStart.map { [Range(from: $0, to: .endOfTime)] } ?? [])
            return
        }
        let wanted = settings.backfillStart ?? manifest.startTimestamp
        startTimestamp = min(wanted, manifest.startTimestamp)
        work = manifest.pending
        work.insert(contentsOf: Range(from: startTimestamp, to: manifest.startTimestamp))
        let tail = Self.tailStart(manifest, startTimestamp, settings.lookback, walkedTo)
        work.insert(contentsOf: Range(from: tail, to: .endOfTime))
        work.subtract(manifest.prunedTimes)
        if wanted > manifest.startTimestamp {
            warnings.append(
                "backfill_start_time \(wanted) is later than the archive's start \(manifest.startTimestamp) and is ignored"
            )
        }
        if startTimestamp > now {
            warnings.append(
                "the archive begins at \(startTimestamp), which has not come yet: what happens before is not archived. If a clock "
                    + "was ahead when it was begun, run sync once with backfill_start_time")
        }
        // Another command than sync may have taken an archive of version 1 over; its files do not say when they came.
        let isUnread = manifest.syncedTo == nil && Self.left(by: manifest) == nil
        if manifest.formatVersion == 1 || isUnread && manifest.files.contains(where: { $0.archivedAt == nil }) {
            warnings.append(
                "nothing says how far the archive was read, as in format version 1: this sync reads it from \(tail) on, "
                    + "once")
        }
    }

    /// The dates that are asked for on a day, for the evidence.
    func asked(on today: CalendarDay, requests: Int) -> AskedDates {
        let first = work.ranges.first?.lowerBound.day ?? today
        return AskedDates(from: min(first, today), to: today, requests: requests)
    }

    /// The newest times that an earlier sync left to read.
    private static func left(by manifest: Manifest) -> Range<Timestamp>? {
        manifest.pending.ranges.last { $0.lowerBound <= manifest.writtenAt }
    }

    private static func tailStart(
        _ manifest: Manifest, _ start: Timestamp, _ lookback: Duration, _ walkedTo: Timestamp?
    ) -> Timestamp {
        guard let synced = manifest.syncedTo else {
            // An archive of version 1 recorded only which days were compared.
            if manifest.formatVersion == 1 {
                return max(start, manifest.checked.map(\.to).max()?.start ?? manifest.startTimestamp)
            }
            // A first sync that stopped early left all that it had not read, and all that it had read too early by the
            // look-back of then; the one of today may be longer.
            guard let left = left(by: manifest) else { return manifest.startTimestamp }
            return max(start, min(left.lowerBound, left.upperBound.lookingBack(lookback) ?? start))
        }
        return max(start, min(synced, walkedTo ?? synced - TailFingerprint.lifetime).lookingBack(lookback) ?? start)
    }
}

extension Timestamp {
    /// Later than every event.
    static let endOfTime = CalendarDay.last.start

    /// The time so much earlier; `nil` for a look-back longer than the calendar, which would overflow and means everything.
    func lookingBack(_ lookback: Duration) -> Timestamp? {
        lookback < .seconds(86_400 * 366 * 9_999) ? self - lookback : nil
    }
}
