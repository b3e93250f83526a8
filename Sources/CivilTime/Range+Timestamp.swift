/// Ranges of times do not hold their upper bound.
extension Range<Timestamp> {
    /// The times from `from` up to, but not including, `to`; no time at all where `to` is not later.
    package init(from: Timestamp, to: Timestamp) {
        self = from..<Swift.max(from, to)
    }

    /// The times from `first` up to and including `last`. The very last time there is stays out: a range that is written
    /// down cannot end after it.
    package init(from first: Timestamp, through last: Timestamp) {
        self.init(from: first, to: Swift.min(last + .microseconds(1), Self.latestEnd))
    }

    /// All times of a UTC day, but for the very last one there is.
    package init(of day: CalendarDay) {
        self.init(from: day.start, through: day.start + .seconds(86_400) - .microseconds(1))
    }

    /// The last time that can be written.
    private static let latestEnd = CalendarDay.last.start + .seconds(86_400) - .microseconds(1)
}
