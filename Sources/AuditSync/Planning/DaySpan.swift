import AuditArchive
import CivilTime

/// Event times to walk, in whole days, as one chain of windows.
struct DaySpan: Sendable, Equatable {
    /// The first UTC day that holds a time to walk.
    var first: CalendarDay

    /// The last such day; `nil` to the end of time.
    var last: CalendarDay?

    /// The days from `first` to `last`.
    init(first: CalendarDay, last: CalendarDay?) {
        self.first = first
        self.last = last
    }

    /// The days that these times lie on; spans that touch are one.
    static func spans(of work: TimeRanges) -> [DaySpan] {
        var spans: [DaySpan] = []
        for range in work.ranges {
            let isOpen = range.to >= .endOfTime
            let span = DaySpan(first: range.from.day, last: isOpen ? nil : (range.to - .microseconds(1)).day)
            if let previous = spans.last, let end = previous.last, end.days(until: span.first) <= 2 {
                spans[spans.count - 1].last = span.last.map { max($0, end) }
            } else {
                spans.append(span)
            }
        }
        return spans
    }
}
