import CivilTime

/// How often and after what pauses a request is sent again: exponential backoff with full jitter.
struct RetryPolicy: Sendable, Equatable {
    /// The policy of the client: 8 tries, 0.5 s to 60 s.
    static let standard = RetryPolicy()

    /// Tries of one request, the first counted.
    var maximumTries = 8
    /// The longest possible pause after the first failure.
    var base: Duration = .milliseconds(500)
    /// The longest possible pause after any.
    var cap: Duration = .seconds(60)

    /// The pause after the `failures`-th failure in a row, from zero to a bound that doubles with each.
    ///
    /// - Parameter random: where in that range, from 0 to below 1. The full range keeps clients that failed
    ///   together from coming back together.
    func delay(afterFailures failures: Int, random: Double) -> Duration {
        ceiling(afterFailures: failures) * min(max(random, 0), 1)
    }

    /// The bound of `delay`.
    func ceiling(afterFailures failures: Int) -> Duration {
        // 0.5 s doubled 7 times is past the cap; the limit keeps the shift from overflowing.
        let doublings = min(max(failures - 1, 0), 20)
        return min(cap, base * (1 << doublings))
    }
}

/// The `Retry-After` header (RFC 9110, section 10.2.3): a number of seconds, or an HTTP date.
enum RetryAfter {
    /// Longer waits are cut to this: the API's limits are per second and per hour.
    static let longest: Duration = .seconds(3600)

    /// How long to wait, from zero to an hour; nil for what is neither a non-negative whole number nor a date.
    ///
    /// - Parameter now: the server's time where it is known, so that a wrong local clock does no harm.
    static func wait(_ text: String, now: Timestamp) -> Duration? {
        let value = text.drop { $0 == " " || $0 == "\t" }
        let trimmed = value.prefix(value.count - value.reversed().prefix { $0 == " " || $0 == "\t" }.count)
        if !trimmed.isEmpty, trimmed.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            // Digits that overflow Int are more than an hour as well.
            let seconds = Int64(trimmed) ?? .max
            return .seconds(min(seconds, longest.components.seconds))
        }
        guard let date = HTTPDate.timestamp(String(trimmed), now: now) else { return nil }
        return min(max(date - now, .zero), longest)
    }
}

/// The three forms of an HTTP date (RFC 9110, section 5.6.7), all in GMT.
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    ]

    /// The instant; nil for a text that has none of the three forms.
    ///
    /// - Parameter now: settles the century of a two-digit year: never more than 50 years ahead.
    static func timestamp(_ text: String, now: Timestamp) -> Timestamp? {
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
