package import CivilTime

/// The `Retry-After` header (RFC 9110, section 10.2.3): a number of seconds, or an HTTP date.
package enum RetryAfter {
    /// Longer waits are not believed: the API's limits are per second and per hour.
    package static let longest: Duration = .seconds(3600)

    /// How long to wait, from zero to an hour; nil for what is neither a non-negative whole number nor a date.
    ///
    /// - Parameter now: the server's idea of the time where known, so that a wrong local clock does no harm.
    package static func wait(_ text: String, now: Timestamp) -> Duration? {
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
