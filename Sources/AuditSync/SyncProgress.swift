import CaptivateIQAPI
package import CivilTime

/// How far a sync is, for the progress line.
package struct SyncProgress: Sendable {
    /// Days read to the end, of those planned so far.
    package var daysDone: Int
    /// Days planned.
    package var daysTotal: Int
    /// Events archived or on their way.
    package var events: Int
    /// Requests sent.
    package var requests: Int
    /// Requests that the hourly limit still allows.
    package var requestsLeftThisHour: Int
    /// The first day of the window that is being read.
    package var day: CalendarDay?
    /// Records that the API says there are in what was planned.
    package var eventsExpected: Int?
}

/// Reports how far a sync is.
struct SyncProgressLog {
    private let context: SyncContext
    private var days = (done: 0, total: 0)
    private var expected: Int?

    /// Nothing is planned yet.
    init(_ context: SyncContext) {
        self.context = context
    }

    /// So many more days are planned.
    mutating func plan(days count: Int) { days.total += count }

    /// So many of the planned days were read.
    mutating func finish(days count: Int) { days.done += count }

    /// The API says that there are so many records in what is left, beside the events taken.
    mutating func expect(_ total: Int, beside events: Int) {
        expected = max(expected ?? 0, events + min(total, 1 << 60))
    }

    /// Reports a page that was taken.
    func report(_ page: ParsedPage, events: Int) async {
        let statistics = await context.client.statistics()
        context.progress(
            SyncProgress(
                daysDone: days.done, daysTotal: days.total, events: events, requests: statistics.requests,
                requestsLeftThisHour: statistics.requestsLeftThisHour,
                day: page.page.request.query.startDate, eventsExpected: expected))
    }
}

/// An archive that a sync has begun.
package struct NewArchive: Sendable, Equatable {
    /// Events before this are not fetched.
    package var startTimestamp: Timestamp
    /// How many events the API has from before; `nil` where the requests that are made anyhow do not show it.
    package var pastEvents: Int?
}
