/// A day of the proleptic Gregorian calendar, without a time zone.
package struct CalendarDay: Comparable, Hashable, Sendable, CustomStringConvertible {
    /// Days since 1970-01-01.
    package var number: Int32

    /// 0001-01-01, the first day that can be written.
    package static let first = CalendarDay(number: -719_162)
    /// 9999-12-31, the last day that can be written.
    package static let last = CalendarDay(number: 2_932_896)

    /// The day `number` days after 1970-01-01.
    package init(number: Int32) {
        self.number = number
    }

    /// The day written as `YYYY-MM-DD`, exactly so, from 0001-01-01 to 9999-12-31; nil for anything else.
    package init?(_ text: String) {
        self.init(text.utf8.span.bytes)
    }

    /// The day that is all of `text`.
    init?(_ text: RawSpan) {
        guard
            text.byteCount == 10, text.byte(at: 4) == UInt8(ascii: "-"), text.byte(at: 7) == UInt8(ascii: "-"),
            let year = text.digits(in: 0..<4), let month = text.digits(in: 5..<7),
            let day = text.digits(in: 8..<10),
            let date = CivilDate(year: year, month: month, day: day), year >= 1
        else { return nil }
        self.init(number: Int32(clamping: date.dayNumber))
    }

    /// `YYYY-MM-DD`.
    package var description: String {
        let date = CivilDate(dayNumber: Int(number))
        return "\(padded(date.year, to: 4))-\(padded(date.month, to: 2))-\(padded(date.day, to: 2))"
    }

    /// Midnight UTC at which the day starts; the nearest time there is for days beyond the years ±292,000.
    package var start: Timestamp {
        let (product, overflow) = Int64(number).multipliedReportingOverflow(by: Timestamp.microsecondsPerDay)
        return Timestamp(microseconds: overflow ? (number < 0 ? .min : .max) : product)
    }

    /// The day `days` later; earlier if that is negative. Stops at the ends of `Int32`.
    package func advanced(by days: Int) -> CalendarDay {
        let (sum, overflow) = Int(number).addingReportingOverflow(days)
        return CalendarDay(number: overflow ? (days < 0 ? .min : .max) : Int32(clamping: sum))
    }

    /// How many days `other` is later than this one; negative if it is earlier.
    package func days(until other: CalendarDay) -> Int {
        Int(other.number) - Int(number)
    }

    /// Whether `left` comes before `right`.
    package static func < (left: CalendarDay, right: CalendarDay) -> Bool {
        left.number < right.number
    }
}

/// `number` in at least `width` digits.
func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number.magnitude)
    let zeros = String(repeating: "0", count: max(0, width - digits.utf8.count))
    return (number < 0 ? "-" : "") + zeros + digits
}
