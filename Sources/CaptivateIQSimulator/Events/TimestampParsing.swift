extension TimestampText {
    /// Reads `YYYY-MM-DD` as midnight UTC, in microseconds since 1970; nil for anything else.
    package static func parseDay(_ text: some StringProtocol) -> Int64? {
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
