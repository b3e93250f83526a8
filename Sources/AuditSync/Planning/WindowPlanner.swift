import CivilTime

/// Cuts a span of days into windows of about as many events as are worth reading at once.
///
/// Neighbouring windows share one day in their queries: the shared day's midnight is the same for both, so no event falls
/// between them, wherever that midnight lies. The outer edges get a day more (two at an exclusive end).
struct WindowPlanner: Sendable {
    private let span: ClosedRange<CalendarDay>
    private let today: CalendarDay
    private var capacity: Int
    private var nextStart: CalendarDay
    private var width: Int?
    private var eventsAhead: Int?
    /// Days that the first window has at least, so that it ends behind what an earlier run had read.
    private var leastWidth = 1

    /// Plans the pass of `span`. `capacity`: events that one window should hold at most. `chain`: what an earlier run had
    /// read of it.
    init(
        _ span: ClosedRange<CalendarDay>, today: CalendarDay, capacity: Int, resuming chain: BackfillCursor.Chain? = nil
    ) {
        self.span = span
        self.today = today
        self.capacity = max(1, capacity)
        let first = span.lowerBound > .first ? span.lowerBound.advanced(by: -1) : .first
        nextStart = max(first, chain?.resumption ?? first)
        if let chain { leastWidth = max(1, nextStart.days(until: chain.next) + 1) }
    }

    /// The window to ask for now.
    var window: Window {
        guard let width, nextStart.days(until: horizon) > width else { return Window(start: nextStart, end: lastEnd) }
        return Window(start: nextStart, end: nextStart.advanced(by: width))
    }

    /// Whether a window with this many events should be read, or given up for a narrower one, which ``window`` then is.
    /// `page`: events that the server lists on one page, which are never too many.
    mutating func accepts(total: Int, page: Int = 0) -> Bool {
        let days = window.end.map { nextStart.days(until: $0) } ?? max(1, nextStart.days(until: horizon))
        if window.end == lastEnd { eventsAhead = total }
        guard total > max(capacity + capacity / 4, page), days > leastWidth else { return true }
        width = max(leastWidth, min(days - 1, days * capacity / total))
        return false
    }

    /// Gives the window up for one of half its days; returns whether there is one.
    mutating func narrow(capacity: Int) -> Bool {
        self.capacity = max(1, capacity)
        let days = window.end.map { nextStart.days(until: $0) } ?? max(1, nextStart.days(until: horizon))
        guard days > 1 else { return false }
        width = days / 2
        return true
    }

    /// Goes on behind the window, which held this many events. `nil` tells that it was the last one. Later windows may
    /// have another capacity.
    mutating func advance(total: Int, capacity: Int) -> Window? {
        self.capacity = max(1, capacity)
        leastWidth = 1
        guard let end = window.end, end != lastEnd else { return nil }
        let days = max(1, nextStart.days(until: end))
        nextStart = end
        eventsAhead = eventsAhead.map { max(0, $0 - total) }
        if let eventsAhead, eventsAhead <= capacity {
            width = nil
        } else {
            // As many days as the average ahead and the days just read allow, in steps, for neither may last.
            let daysAhead = max(1, nextStart.days(until: horizon))
            let density = max(Double(eventsAhead ?? 0) / Double(daysAhead), Double(total) / Double(days))
            width = max(1, min(days * 4, density > 0 ? Int(min(1e6, Double(capacity) / density)) : days * 4))
        }
        return window
    }

    /// Days that are planned but not read yet.
    var daysAhead: Int { max(0, nextStart.days(until: horizon)) }

    /// `end_date` of the last window.
    private var lastEnd: CalendarDay? {
        guard !span.isOpenEnded else { return nil }
        return span.upperBound < CalendarDay.last.advanced(by: -2) ? span.upperBound.advanced(by: 2) : .last
    }

    /// The end of what can hold many events.
    private var horizon: CalendarDay { lastEnd ?? max(today, nextStart).advanced(by: 1) }
}
