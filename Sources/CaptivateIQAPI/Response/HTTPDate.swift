package import CivilTime

/// The three forms of an HTTP date (RFC 9110, section 5.6.7), all in GMT.
package enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    ]

    /// The instant; nil for a text that has none of the three forms.
    ///
    /// - Parameter now: settles the century of a two-digit year: never more than 50 years ahead.
    package static func timestamp(_ text: String, now: Timestamp) -> Timestamp? {
        let parts = text.split(separator: " ")
        switch parts.count {
        case 6 where parts[0].hasSuffix(",") && parts[5] == "GMT":
            return timestamp(day: parts[1], month: parts[2], year: parts[3], time: parts[4])
        case 4 where parts[0].hasSuffix(",") && parts[3] == "GMT":
            let date = parts[1].split(separator: "-", omittingEmptySubsequences: false)
            guard date.count == 3, let year = fullYear(date[2], now: now) else { return nil }
            return timestamp(day: date[0], month: date[1], year: Substring(year), time: parts[2])
        case 5:
            return timestamp(day: parts[2], month: parts[1], year: parts[4], time: parts[3])
        default:
            return nil
        }
    }

    private static func timestamp(day: Substring, month: Substring, year: Substring, time: Substring) -> Timestamp? {
        guard let index = months.firstIndex(of: String(month)), (1...2).contains(day.utf8.count) else { return nil }
        let paddedDay = day.utf8.count == 1 ? "0\(day)" : String(day)
        let number = index + 1
        let paddedMonth = number < 10 ? "0\(number)" : "\(number)"
        // The RFC 3339 reader checks digits, ranges and days of the month.
        return Timestamp(rfc3339: "\(year)-\(paddedMonth)-\(paddedDay)T\(time)Z")
    }

    private static func fullYear(_ text: Substring, now: Timestamp) -> String? {
        guard text.utf8.count == 2, let number = Int(text), number >= 0,
            let current = Int(now.description.prefix(4))
        else { return nil }
        let inThisCentury = current - current % 100 + number
        let year = inThisCentury > current + 50 ? inThisCentury - 100 : inThisCentury
        return (0...9999).contains(year) ? "\(year)" : nil
    }
}
