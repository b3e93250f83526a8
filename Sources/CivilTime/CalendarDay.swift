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
    package init?(_ text: RawSpan) {
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
        var text: [UInt8] = []
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends ``description`` to a text: many thousands of dates would cost as many strings.
    package func append(to text: inout [UInt8]) {
        let date = CivilDate(dayNumber: Int(number))
        if date.year < 0 { text.append(UInt8(ascii: "-")) }
        text.append(abs(date.year), width: 4)
        text.append(UInt8(ascii: "-"))
        text.append(date.month, width: 2)
        text.append(UInt8(ascii: "-"))
        text.append(date.day, width: 2)
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

extension [UInt8] {
    /// Appends a number that is not negative in at least `width` digits.
    package mutating func append(_ number: Int, width: Int = 1) {
        let start = count
        var rest = number
        repeat {
            append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0 || count - start < width
        var (low, high) = (start, count - 1)
        while low < high {
            swapAt(low, high)
            (low, high) = (low + 1, high - 1)
        }
    }
}

/// Year, month and day of the proleptic Gregorian calendar, and their day number.
///
/// Both ways by counting from 1 March of year 0 in eras of 400 years (146,097 days), so that the leap day is a year's
/// last; see Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
struct CivilDate: Equatable {
    var year: Int
    /// 1 to 12.
    var month: Int
    /// 1 to 31.
    var day: Int

    /// Days from 0000-03-01 to 1970-01-01.
    private static let epoch = 719_468
    private static let daysPerEra = 146_097

    /// The date, or nil if the month has no such day or the year no such month.
    init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), day >= 1, day <= Self.length(ofMonth: month, year: year) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date `dayNumber` days after 1970-01-01.
    init(dayNumber: Int) {
        let days = dayNumber + Self.epoch
        let era = days.dividedFloor(by: Self.daysPerEra)
        let dayOfEra = days - era * Self.daysPerEra
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01.
    var dayNumber: Int {
        let yearFromMarch = month <= 2 ? year - 1 : year
        let era = yearFromMarch.dividedFloor(by: 400)
        let yearOfEra = yearFromMarch - era * 400
        let monthFromMarch = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * Self.daysPerEra + dayOfEra - Self.epoch
    }

    private static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension BinaryInteger {
    /// The quotient rounded towards negative infinity. `divisor` must be positive.
    func dividedFloor(by divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
