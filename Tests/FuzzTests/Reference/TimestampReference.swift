/// RFC 3339 read in the plainest way: fields by place, days by counting years and months.
enum TimestampReference {
    private static let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

    /// Microseconds since 1970; nil for what is no timestamp or lies outside the years 0001 to 9999 in UTC.
    static func microseconds(_ bytes: [UInt8]) -> Int? {
        guard let text = String(validating: bytes, as: UTF8.self), bytes.count >= 20, bytes.allSatisfy({ $0 < 0x80 })
        else { return nil }
        let date = text.prefix(10).split(separator: "-", omittingEmptySubsequences: false)
        let time = text.dropFirst(11).prefix(8).split(separator: ":", omittingEmptySubsequences: false)
        guard date.map(\.count) == [4, 2, 2], time.map(\.count) == [2, 2, 2],
            "Tt".contains(text.dropFirst(10).prefix(1)),
            let day = day(date), let second = secondOfDay(time), let rest = Rest(text.dropFirst(19))
        else { return nil }
        let isLeap = time[2] == "60"
        let seconds = day * 86_400 + second - (isLeap ? 1 : 0) - rest.offset * 60
        guard seconds >= dayNumber(1, 1, 1) * 86_400, seconds < dayNumber(10_000, 1, 1) * 86_400 else { return nil }
        return seconds * 1_000_000 + (isLeap ? 999_999 : rest.microseconds)
    }

    private static func day(_ fields: [Substring]) -> Int? {
        guard let year = number(fields[0]), let month = number(fields[1]), let day = number(fields[2]), year > 0,
            (1...12).contains(month), day > 0, day <= lengths[month - 1] + (month == 2 && isLeap(year) ? 1 : 0)
        else { return nil }
        return dayNumber(year, month, day)
    }

    private static func secondOfDay(_ fields: [Substring]) -> Int? {
        guard let hour = number(fields[0]), let minute = number(fields[1]), let second = number(fields[2]), hour < 24,
            minute < 60, second < 61
        else { return nil }
        return hour * 3600 + minute * 60 + second
    }

    /// Fraction and offset.
    private struct Rest {
        var microseconds = 0
        var offset = 0

        init?(_ text: Substring) {
            var rest = text
            if rest.first == "." {
                let digits = rest.dropFirst().prefix { $0.isNumber }
                guard (1...9).contains(digits.count) else { return nil }
                microseconds = Int((digits + "00000").prefix(6)) ?? 0
                rest = rest.dropFirst(digits.count + 1)
            }
            if rest == "Z" || rest == "z" { return }
            let fields = rest.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
            guard let sign = rest.first, "+-".contains(sign), fields.map(\.count) == [2, 2],
                let hour = TimestampReference.number(fields[0]), let minute = TimestampReference.number(fields[1]),
                hour < 24, minute < 60
            else { return nil }
            offset = (hour * 60 + minute) * (sign == "-" ? -1 : 1)
        }
    }

    private static func number(_ text: Substring) -> Int? { text.allSatisfy(\.isNumber) ? Int(text) : nil }

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && year % 100 != 0 || year % 400 == 0 }

    /// Days since 1970 by adding up whole years, then whole months.
    private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let before = (1..<year).count * 365 + (1..<year).count(where: isLeap)
        let months = lengths.prefix(month - 1).reduce(0, +) + (month > 2 && isLeap(year) ? 1 : 0)
        // 1970-01-01 is day 719,163 of the calendar.
        return before + months + day - 1 - 719_162
    }
}
