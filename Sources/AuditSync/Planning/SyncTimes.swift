import CivilTime

/// What a sync may claim of time: the system's clock may be ahead of the API's.
struct SyncTimes {
    let plan: SyncPlan
    let lookback: Duration
    /// When this sync began, by the system's clock.
    let beginTime: Timestamp
    /// The API's time by its first answer.
    let serverDate: Timestamp?
    /// The newest time of an event that this sync has seen.
    let newestEvent: Timestamp?
    /// The newest date that an earlier sync closed.
    let closedBefore: CalendarDay?

    /// Later events than this may have been read before all of them had surfaced.
    var lookbackStart: Timestamp {
        // A look-back longer than the calendar would overflow, and means everything.
        guard let provenNow, lookback < .seconds(86_400 * 366 * 9_999) else { return plan.startTimestamp }
        return provenNow - lookback
    }

    /// The newest time known to have come when this sync began. Without a `Date`, events tell.
    var provenNow: Timestamp? { (serverDate ?? newestEvent).map { min(beginTime, $0) } }

    /// The archive's start. A first sync without backfill starts now, but not later than the API's now.
    func start(_ now: Timestamp) -> Timestamp {
        guard plan.isFirstWithoutBackfill else { return plan.startTimestamp }
        return min(plan.startTimestamp, now, serverDate ?? now)
    }

    /// The newest event time that this sync may claim to have seen everything up to: its own beginning, and not later than
    /// the API's.
    var newestLimit: Timestamp { min(beginTime, serverDate ?? beginTime) }

    /// The newest date for which no event can surface any more, by the look-back; `nil` if there is none since the start.
    var closingDay: CalendarDay? {
        let newest = ReconcileScope.newestClosed(lookback: lookback, now: newestLimit)
        guard let newest, newest >= plan.startTimestamp.day else { return closedBefore }
        return max(newest, closedBefore ?? newest)
    }
}
