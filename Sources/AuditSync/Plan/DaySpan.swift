package import AuditArchive
package import CaptivateIQAPI
package import JSONText

/// Event times to walk, in whole days, as one chain of windows.
package struct DaySpan: Sendable, Equatable {
    /// The first UTC day that holds a time to walk.
    package var first: CalendarDay

    /// The last such day; `nil` to the end of time.
    package var last: CalendarDay?

    /// The days from `first` to `last`.
    package init(first: CalendarDay, last: CalendarDay?) {
        self.first = first
        self.last = last
    }

    /// The days that these times lie on; spans that touch are one.
    package static func spans(of work: TimeRanges) -> [DaySpan] {
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

/// One query of a chain: the events from `start` to `end`, as the API's date filter understands them.
package struct Window: Sendable, Hashable {
    /// `start_date`.
    package var start: CalendarDay

    /// `end_date`; `nil` for none.
    package var end: CalendarDay?

    /// The window of these filter values.
    package init(start: CalendarDay, end: CalendarDay?) {
        self.start = start
        self.end = end
    }

    /// The query that reads the window.
    package var query: EventQuery { EventQuery(startDate: start, endDate: end) }

    /// The UTC times that the answer holds whatever the filter's time zone, and whether or not its end day counts.
    ///
    /// Midnight lies at most 14 hours before and 12 hours after UTC's; an exclusive end day is not in the answer.
    package var certainTimes: TimeRange {
        TimeRange(from: start.advanced(by: 1).start, to: end.map { $0.advanced(by: -1).start } ?? .endOfTime)
    }
}
