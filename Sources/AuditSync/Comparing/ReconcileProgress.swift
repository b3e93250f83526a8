import CaptivateIQAPI
import CivilTime

/// Reports how far a comparison is.
struct ReconcileProgress {
    private let context: SyncContext
    private let isShown: Bool
    private var days: (done: Int, total: Int)
    /// Events of days that are done with.
    private var events = 0
    /// Events seen of the days that are being read.
    private var seen = 0

    /// Before the first of so many days. `isShown`: whether anybody is to see it.
    init(_ context: SyncContext, days count: Int, isShown: Bool) {
        self.context = context
        self.isShown = isShown
        days = (0, count)
    }

    /// The next days are begun, with so many left.
    mutating func begin(daysLeft: Int) async {
        // Days may have to be compared anew by ids, and what was done stays done to the eye.
        days.done = max(days.done, days.total - daysLeft)
        seen = 0
        await report()
    }

    /// Days with so many events are done with.
    mutating func finish(events count: Int) {
        events += count
        seen = 0
    }

    /// A page of the days that are being read has come.
    mutating func take(_ page: ParsedPage) async {
        seen += page.events.count
        await report(page.page.request.query.startDate)
    }

    private func report(_ day: CalendarDay? = nil) async {
        guard isShown else { return }
        let statistics = await context.client.statistics()
        context.progress(
            SyncProgress(
                daysDone: days.done, daysTotal: days.total, events: events + seen, requests: statistics.requests,
                requestsLeftThisHour: statistics.requestsLeftThisHour, day: day, eventsExpected: nil))
    }
}
