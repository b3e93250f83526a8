import AuditArchive
package import CivilTime

/// Neighbouring UTC days that are compared together.
package struct DayRun: Hashable, Sendable {
    /// The first day.
    package var first: CalendarDay

    /// The last day, not before the first.
    package var last: CalendarDay

    /// The days from `first` to `last`.
    package init(first: CalendarDay, last: CalendarDay) {
        self.first = first
        self.last = last
    }

    /// How many days.
    var count: Int { first.days(until: last) + 1 }

    /// Whether `day` is one of them.
    func contains(_ day: CalendarDay) -> Bool { first <= day && day <= last }

    /// The window whose answer holds all events of the days, whatever the filter's time zone and whether or not its end
    /// day counts.
    var window: Window {
        WindowPlanner(DaySpan(first: first, last: last), today: last, capacity: 1).window
    }

    /// The run without the days that `ranges` touch, cut into what is left.
    func removing(_ ranges: TimeRanges) -> [DayRun] {
        var left: [DayRun] = []
        var next = first
        for range in ranges.ranges {
            let hole = DayRun(first: range.from.day, last: (range.to - .microseconds(1)).day)
            guard hole.last >= next, hole.first <= last else { continue }
            if hole.first > next { left.append(DayRun(first: next, last: hole.first.advanced(by: -1))) }
            next = max(next, hole.last.advanced(by: 1))
        }
        if next <= last { left.append(DayRun(first: next, last: last)) }
        return left
    }
}
