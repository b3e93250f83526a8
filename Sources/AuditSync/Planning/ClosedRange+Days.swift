import AuditArchive
import CivilTime

extension ClosedRange<CalendarDay> {
    /// The days from `first` to `last`; `nil` where `last` is before `first`.
    init?(_ first: CalendarDay, through last: CalendarDay) {
        guard first <= last else { return nil }
        self = first...last
    }

    /// How many days.
    var dayCount: Int { lowerBound.days(until: upperBound) + 1 }

    /// The days, oldest first.
    var days: some Sequence<CalendarDay> { (0..<dayCount).lazy.map { lowerBound.advanced(by: $0) } }

    /// Whether the days go on to the end of time.
    var isOpenEnded: Bool { upperBound == .last }

    /// The times from the first day's midnight to the one behind the last day.
    var times: Range<Timestamp> { Range(from: lowerBound.start, to: upperBound.advanced(by: 1).start) }

    /// The window whose answer holds all events of the days, whatever the filter's time zone and whether or not its end
    /// day counts.
    var window: Window { WindowPlanner(self, today: upperBound, capacity: 1).window }

    /// The days without those that `ranges` touch, cut into what is left.
    func removing(_ ranges: RangeSet<Timestamp>) -> [ClosedRange<CalendarDay>] {
        var left: [ClosedRange<CalendarDay>] = []
        var next = lowerBound
        for hole in ranges.ranges.map(\.days) where hole.upperBound >= next && hole.lowerBound <= upperBound {
            left += [ClosedRange(next, through: hole.lowerBound.advanced(by: -1))].compactMap { $0 }
            next = Swift.max(next, hole.upperBound.advanced(by: 1))
        }
        return left + [ClosedRange(next, through: upperBound)].compactMap { $0 }
    }
}

extension Range<Timestamp> {
    /// The UTC days that its times lie on.
    var days: ClosedRange<CalendarDay> {
        let last = upperBound >= .endOfTime ? .last : (upperBound - .microseconds(1)).day
        return Swift.min(lowerBound.day, last)...last
    }
}

extension RangeSet<Timestamp> {
    /// The UTC days that the times lie on, as chains of windows are to read them: those that nearly touch are one.
    var daySpans: [ClosedRange<CalendarDay>] {
        var spans: [ClosedRange<CalendarDay>] = []
        for span in ranges.map(\.days) {
            if let previous = spans.last, previous.upperBound.days(until: span.lowerBound) <= 2 {
                spans[spans.count - 1] = previous.lowerBound...max(previous.upperBound, span.upperBound)
            } else {
                spans.append(span)
            }
        }
        return spans
    }
}
