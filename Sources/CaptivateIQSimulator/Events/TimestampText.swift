/// The texts of moments: RFC 3339 for events and settings, HTTP dates for headers, ISO dates for filters.
package enum TimestampText {
    /// Appends an RFC 3339 timestamp.
    ///
    /// - Parameters:
    ///   - microseconds: the moment, since 1970-01-01T00:00:00Z.
    ///   - digits: fractional digits, 0 to 9; what they cannot hold is cut off, digits past the sixth are zeros.
    ///   - offsetMinutes: the zone it is written in; nil writes `Z`.
    static func appendRFC3339(
        _ microseconds: Int64, digits: Int, offsetMinutes: Int? = nil, nanoseconds: Int = 0, to out: inout [UInt8]
    ) {
        let time = CivilTime(microseconds: microseconds + Int64(offsetMinutes ?? 0) * 60 * CivilTime.second)
        appendDate(time, to: &out)
        out.append(UInt8(ascii: "T"))
        appendClock(time, to: &out)
        if digits > 0 {
            out.append(UInt8(ascii: "."))
            var fraction = time.microsecond * 1_000 + nanoseconds
            for _ in digits..<9 { fraction /= 10 }
            appendPadded(fraction, width: digits, to: &out)
        }
        appendZone(offsetMinutes, to: &out)
    }

    /// The moment as RFC 3339 text in UTC with six fractional digits.
    static func rfc3339(_ microseconds: Int64) -> String {
        var out: [UInt8] = []
        appendRFC3339(microseconds, digits: 6, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// The moment as an HTTP date (RFC 9110, IMF-fixdate), such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func httpDate(_ microseconds: Int64) -> String {
        let time = CivilTime(microseconds: microseconds)
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let weekday = CivilTime.flooredDivision(Int64(time.daysSince1970), by: 7).remainder
        var out = Array("\(weekdays[Int(weekday)]), ".utf8)
        appendPadded(time.day, width: 2, to: &out)
        out.append(contentsOf: " \(months[time.month - 1]) ".utf8)
        appendPadded(time.year, width: 4, to: &out)
        out.append(UInt8(ascii: " "))
        appendClock(time, to: &out)
        return String(decoding: out, as: UTF8.self) + " GMT"
    }

    private static func appendDate(_ time: CivilTime, to out: inout [UInt8]) {
        appendPadded(time.year, width: 4, to: &out)
        out.append(UInt8(ascii: "-"))
        appendPadded(time.month, width: 2, to: &out)
        out.append(UInt8(ascii: "-"))
        appendPadded(time.day, width: 2, to: &out)
    }

    private static func appendClock(_ time: CivilTime, to out: inout [UInt8]) {
        appendPadded(time.hour, width: 2, to: &out)
        out.append(UInt8(ascii: ":"))
        appendPadded(time.minute, width: 2, to: &out)
        out.append(UInt8(ascii: ":"))
        appendPadded(time.second, width: 2, to: &out)
    }

    private static func appendZone(_ offsetMinutes: Int?, to out: inout [UInt8]) {
        guard let offsetMinutes else { return out.append(UInt8(ascii: "Z")) }
        out.append(offsetMinutes < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
        appendPadded(abs(offsetMinutes) / 60, width: 2, to: &out)
        out.append(UInt8(ascii: ":"))
        appendPadded(abs(offsetMinutes) % 60, width: 2, to: &out)
    }

    private static func appendPadded(_ value: Int, width: Int, to out: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<max(width, 1) { divisor *= 10 }
        while divisor > 0 {
            out.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }
}

extension TimestampText {
    /// Reads `YYYY-MM-DD` as midnight UTC, in microseconds since 1970; nil for anything else.
    static func parseDay(_ text: some StringProtocol) -> Int64? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, parts[2].utf8.count == 2 else {
            return nil
        }
        guard let year = number(parts[0]), let month = number(parts[1]), let day = number(parts[2]) else { return nil }
        return CivilTime(year: year, month: month, day: day)?.microseconds
    }

    /// Reads an RFC 3339 timestamp, or a date alone as its midnight UTC, in microseconds since 1970; nil for anything else.
    package static func parse(_ text: String) -> Int64? {
        guard let separator = text.firstIndex(where: { $0 == "T" || $0 == "t" }) else { return parseDay(text) }
        let rest = text[text.index(after: separator)...]
        guard let day = parseDay(text[..<separator]), let zone = zone(of: rest) else { return nil }
        guard let clock = parseClock(rest[..<zone.start]) else { return nil }
        return day + clock - Int64(zone.minutes) * 60 * CivilTime.second
    }

    private static func zone(of text: Substring) -> (start: Substring.Index, minutes: Int)? {
        guard let start = text.firstIndex(where: { "Zz+-".contains($0) }) else { return nil }
        let sign = text[start]
        let rest = text[text.index(after: start)...]
        if sign == "Z" || sign == "z" { return rest.isEmpty ? (start, 0) : nil }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }) else { return nil }
        guard let hours = number(parts[0]), let minutes = number(parts[1]), hours < 24, minutes < 60 else { return nil }
        return (start, (sign == "-" ? -1 : 1) * (hours * 60 + minutes))
    }

    private static func parseClock(_ text: Substring) -> Int64? {
        let halves = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let parts = halves[0].split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ $0.utf8.count == 2 }) else { return nil }
        guard let hour = number(parts[0]), let minute = number(parts[1]), let second = number(parts[2]) else {
            return nil
        }
        guard hour < 24, minute < 60, second < 60 else { return nil }
        var microseconds = Int64((hour * 60 + minute) * 60 + second) * CivilTime.second
        if halves.count == 2 {
            guard !halves[1].isEmpty, halves[1].utf8.count <= 9, number(halves[1]) != nil else { return nil }
            let micros = (halves[1] + "000000").prefix(6)
            microseconds += Int64(number(micros) ?? 0)
        }
        return microseconds
    }

    private static func number(_ digits: some StringProtocol) -> Int? {
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int(digits)
    }
}
