import AuditArchive
import CivilTime

/// How far a sync may claim to have seen, by the times that are known: the system's clock may be ahead, and then only the
/// API's `Date`, or an event, tells what has come.
struct SyncClaims: Sendable {
    private let beginTime: Timestamp
    private let startTimestamp: Timestamp
    private let lookback: Duration
    private let before: Manifest?
    private let firstServerDate: Timestamp?
    private let newestEvent: Timestamp?

    /// The claims of a sync that begins at `beginTime` and wants events from `startTimestamp` on.
    ///
    /// - Parameters:
    ///   - firstServerDate: the API's `Date` in the first answer, if it had one.
    ///   - newestEvent: the newest event time that was seen.
    init(
        beginTime: Timestamp, startTimestamp: Timestamp, lookback: Duration, before: Manifest?,
        firstServerDate: Timestamp?, newestEvent: Timestamp?
    ) {
        self.beginTime = beginTime
        self.startTimestamp = startTimestamp
        self.lookback = lookback
        self.before = before
        self.firstServerDate = firstServerDate
        self.newestEvent = newestEvent
    }

    /// The newest event time that the sync may claim to have seen everything up to: its own beginning, and not later than
    /// the API's.
    var newestLimit: Timestamp { min(beginTime, firstServerDate ?? beginTime) }

    /// The newest time known to have come when the sync began; `nil` where nothing tells.
    var provenNow: Timestamp? { (firstServerDate ?? newestEvent).map { min(beginTime, $0) } }

    /// Later events than this may have been read before all of them had surfaced.
    var lookbackStart: Timestamp {
        provenNow?.lookingBack(lookback) ?? startTimestamp
    }

    /// The newest date for which no event can surface any more, by the look-back; `nil` if there is none since the start.
    var closingDay: CalendarDay? { provenNow.map { closingDay(at: $0) } ?? completeThrough }

    /// The same by the system's clock alone, before anything else has told the time.
    var likelyClosingDay: CalendarDay? { closingDay(at: newestLimit) }

    /// The same if it were `now`.
    func closingDay(at now: Timestamp) -> CalendarDay? {
        let newest = ReconcileScope.newestClosed(lookback: lookback, now: now)
        guard let newest, newest >= startTimestamp.day else { return completeThrough }
        return max(newest, completeThrough ?? newest)
    }

    /// Whether much follows from what the API did not list to a sync that ends: days close, what was to be read is read, or the
    /// archive's newest events are gone.
    func restOnEmptyAnswers(to plan: SyncPlan) -> Bool {
        guard let before else { return false }
        let hidesEvents = newestEvent == nil && before.lastEventTimestamp.map(plan.work.contains) ?? false
        return hidesEvents || closingDay != completeThrough || !before.pending.isEmpty
            || plan.startTimestamp != before.startTimestamp
    }

    private var completeThrough: CalendarDay? { before?.completeThrough }

    /// Where a first sync without backfill starts: now, but not later than the API's now.
    func firstStart(at now: Timestamp) -> Timestamp { min(startTimestamp, now, firstServerDate ?? now) }
}
