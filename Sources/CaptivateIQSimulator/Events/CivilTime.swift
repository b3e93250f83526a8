/// A moment taken apart into UTC calendar fields (proleptic Gregorian calendar).
package struct CivilTime: Equatable, Sendable {
    /// Microseconds in a second.
    package static let second: Int64 = 1_000_000
    /// Microseconds in an hour.
    package static let hour: Int64 = 3_600 * second
    /// Microseconds in a day of UTC, which knows no leap seconds here.
    package static let day: Int64 = 24 * hour

    /// 1 to 9999 in texts; any year in arithmetic.
    var year: Int
    /// 1 to 12.
    var month: Int
    /// 1 to 31.
    package var day: Int
    /// 0 to 23.
    package var hour = 0
    /// 0 to 59.
    package var minute = 0
    /// 0 to 59.
    package var second = 0
    /// 0 to 999999.
    var microsecond = 0

    /// The calendar fields of a number of microseconds since 1970-01-01T00:00:00Z.
    package init(microseconds: Int64) {
        let (days, rest) = Self.flooredDivision(microseconds, by: Self.day)
        (year, month, day) = Self.calendarDate(daysSince1970: Int(days))
        hour = Int(rest / Self.hour)
        minute = Int(rest / (60 * Self.second) % 60)
        second = Int(rest / Self.second % 60)
        microsecond = Int(rest % Self.second)
    }

    /// Midnight of a date; nil if there is no such date in the years 1 to 9999.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month) else { return nil }
        guard day >= 1, day <= Self.daysIn(month: month, of: year) else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    package var microseconds: Int64 {
        let seconds = Int64((hour * 60 + minute) * 60 + second)
        return Int64(daysSince1970) * Self.day + seconds * Self.second + Int64(microsecond)
    }

    /// Days since 1970-01-01.
    var daysSince1970: Int {
        // Counting years from March puts the leap day at the end of the year.
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func calendarDate(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = daysSince1970 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func daysIn(month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Quotient and remainder where the remainder is never negative, also before 1970.
    static func flooredDivision(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
