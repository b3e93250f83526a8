package import CivilTime

/// What a person can set about a sync.
package struct SyncSettings: Sendable {
    /// Events before this are not wanted; `nil`: before the first sync.
    package var backfillStart: Timestamp?

    /// How far back from the newest archived event every sync looks for events that surfaced late.
    package var lookback: Duration

    /// The most records asked for at once.
    package var pageSize: Int

    /// The most requests in flight.
    package var concurrency: Int

    /// Whether the files of a day are merged once it is closed.
    package var compactsClosedDays = false

    /// Rows that a server would not cut a list to without a word: its longest page holds as many.
    var shortestCut = 1_000

    /// Gathers the settings of a sync.
    package init(backfillStart: Timestamp?, lookback: Duration, pageSize: Int, concurrency: Int) {
        self.backfillStart = backfillStart
        self.lookback = lookback
        self.pageSize = pageSize
        self.concurrency = concurrency
    }
}
