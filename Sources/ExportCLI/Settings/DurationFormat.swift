/// Durations as people write them: `24h`, `90s`, `1h30m`, `7d`, `500ms`.
enum DurationFormat {
    /// What is allowed, for messages.
    static let allowed = "such as 90s, 15m, 1h30m, 24h, 7d or 500ms"

    /// Longer ones are refused: nothing here lasts a hundred years.
    static let longest: Duration = .seconds(36_500 * 86_400)

    private static let units: [(name: String, microseconds: Int64)] = [
        ("ms", 1000), ("s", 1_000_000), ("m", 60_000_000), ("h", 3_600_000_000), ("d", 86_400_000_000),
        ("w", 604_800_000_000)
    ]

    /// Reads a duration; nil for anything else, for negative ones, and past ``longest``.
    static func parse(_ text: String) -> Duration? {
        var rest = text.utf8[...]
        var total: Int64 = 0
        var parts = 0
        while !rest.isEmpty {
            guard let number = DecimalNumber.take(from: &rest) else { return nil }
            let letters = rest.prefix { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
            rest = rest.dropFirst(letters.count)
            guard let unit = units.first(where: { $0.name == Substring(letters) }),
                let value = number.scaled(by: unit.microseconds)
            else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(value)
            guard !overflow else { return nil }
            total = sum
            parts += 1
        }
        let duration = Duration.microseconds(total)
        return parts > 0 && duration <= longest ? duration : nil
    }

    /// A whole duration in the largest unit that fits exactly, down to milliseconds: `90s`, `24h`.
    ///
    /// - Parameter fewest: units that go into the duration fewer times are passed over, so that 2 gives `24h` for a day.
    static func text(of duration: Duration, fewest: Int64 = 1) -> String {
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        let fitting = units.filter { unit in
            unit.name != "w" && microseconds % unit.microseconds == 0 && microseconds / unit.microseconds >= fewest
        }
        let unit = fitting.last ?? units[0]
        return microseconds == 0 ? "0s" : "\(microseconds / unit.microseconds)\(unit.name)"
    }
}
