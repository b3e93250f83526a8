/// A moment in UTC, to the microsecond, without leap seconds.
package struct Timestamp: Comparable, Hashable, Sendable, CustomStringConvertible {
    /// Microseconds since 1970-01-01T00:00:00Z.
    package var microseconds: Int64

    static let microsecondsPerSecond: Int64 = 1_000_000
    static let microsecondsPerDay: Int64 = 86_400 * microsecondsPerSecond

    /// The moment `microseconds` after 1970-01-01T00:00:00Z.
    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// The UTC day the moment lies in.
    package var day: CalendarDay {
        CalendarDay(number: Int32(clamping: microseconds.dividedFloor(by: Self.microsecondsPerDay)))
    }

    /// RFC 3339 in UTC with six fractional digits: `2025-02-23T14:30:00.000000Z`.
    package var description: String {
        let days = microseconds.dividedFloor(by: Self.microsecondsPerDay)
        // Wraps before the start of the first representable day; the difference is right all the same.
        let ofDay = Int(microseconds &- days &* Self.microsecondsPerDay)
        let (seconds, fraction) = ofDay.quotientAndRemainder(dividingBy: Int(Self.microsecondsPerSecond))
        let time = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, to: 2) }.joined(separator: ":")
        return "\(day)T\(time).\(padded(fraction, to: 6))Z"
    }

    /// The moment `duration` later, rounded down to the microsecond; the last one there is rather than an overflow.
    package static func + (time: Timestamp, duration: Duration) -> Timestamp {
        let added = duration.attoseconds.dividedFloor(by: 1_000_000_000_000)
        return Timestamp(microseconds: Int64(clamping: Int128(time.microseconds) + added))
    }

    /// The moment `duration` earlier, rounded down to the microsecond; the first one there is rather than an overflow.
    package static func - (time: Timestamp, duration: Duration) -> Timestamp {
        time + (.zero - duration)
    }

    /// How much later `left` is than `right`; negative if it is earlier.
    package static func - (left: Timestamp, right: Timestamp) -> Duration {
        .microseconds(left.microseconds) - .microseconds(right.microseconds)
    }

    /// Whether `left` comes before `right`.
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }
}
