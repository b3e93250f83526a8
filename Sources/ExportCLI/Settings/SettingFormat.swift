import CaptivateIQAPI
import CivilTime

/// Why a text is no value of a setting.
struct SettingFault: Error {
    /// What is allowed, to be read after "it", such as "has to be a number".
    var rule: String
    /// Whether the text may hold a secret although the setting does not.
    var hidesValue = false

    /// A number stands where a number with its unit is needed.
    static func lacksUnit(_ suggestion: String) -> SettingFault {
        SettingFault(rule: "has no unit; did you mean \(suggestion)?")
    }

    /// The value of a text that is a whole number and nothing else.
    static func lonelyNumber(_ text: String) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }
}

/// How values of one kind are read and written.
struct SettingFormat<Value: Sendable>: Sendable {
    /// Reads a value.
    let parse: @Sendable (String) throws(SettingFault) -> Value
    /// Writes a value as a person would.
    let text: @Sendable (Value) -> String
    /// Whether values are paths.
    private(set) var isPath = false

    /// A format with one rule for all values; `read` returns nil for other texts.
    private init(
        rule: String, text: @escaping @Sendable (Value) -> String, read: @escaping @Sendable (String) -> Value?
    ) {
        self.text = text
        parse = { text throws(SettingFault) in
            guard let value = read(text) else { throw SettingFault(rule: rule) }
            return value
        }
    }

    private init(
        text: @escaping @Sendable (Value) -> String,
        parse: @escaping @Sendable (String) throws(SettingFault) -> Value
    ) {
        self.text = text
        self.parse = parse
    }
}

extension SettingFormat where Value == String {
    /// A text that is not empty.
    static var text: Self {
        SettingFormat(rule: "must not be empty", text: { $0 }, read: { $0.isEmpty ? nil : $0 })
    }

    /// A path, in which `~/` stands for the home folder.
    static var path: Self {
        var format = text
        format.isPath = true
        return format
    }
}

extension SettingFormat where Value == Bool {
    /// On or off.
    static var toggle: Self {
        SettingFormat(rule: "has to be true or false", text: { $0 ? "on" : "off" }) { text in
            switch text.lowercased() {
            case "true", "yes", "on", "1": true
            case "false", "no", "off", "0": false
            default: nil
            }
        }
    }
}

extension SettingFormat where Value == Int {
    /// A whole number within a range.
    static func integer(_ range: ClosedRange<Int>) -> Self {
        let rule = "has to be a whole number from \(range.lowerBound) to \(range.upperBound)"
        return SettingFormat(rule: rule, text: { "\($0)" }) { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A size in bytes of at least `least` and, if there is such a bound, at most `most`.
    static func size(atLeast least: Int, atMost most: Int = .max) -> Self {
        let bound = most < .max ? " and at most \(most)" : ""
        let rule = "has to be a size of at least \(least)\(bound) bytes, \(SizeFormat.allowed)"
        return SettingFormat(text: SizeFormat.text(of:)) { text throws(SettingFault) in
            if let number = SettingFault.lonelyNumber(text) {
                throw .lacksUnit(number < 1 << 16 ? "\(number)MiB" : SizeFormat.text(of: number))
            }
            guard let size = SizeFormat.parse(text), (least...most).contains(size) else {
                throw SettingFault(rule: rule)
            }
            return size
        }
    }
}

extension SettingFormat where Value == Duration {
    /// A duration of at least `least`.
    ///
    /// - Parameter unit: what a person most likely means who leaves the unit out.
    static func duration(atLeast least: Duration = .zero, unit: String = "s") -> Self {
        let bound = least > .zero ? ", at least \(DurationFormat.text(of: least))" : ""
        let rule = "has to be a duration\(bound), \(DurationFormat.allowed)"
        return SettingFormat(text: { DurationFormat.text(of: $0, fewest: 2) }) { text throws(SettingFault) in
            if let number = SettingFault.lonelyNumber(text) { throw .lacksUnit("\(number)\(unit)") }
            guard let duration = DurationFormat.parse(text), duration >= least else { throw SettingFault(rule: rule) }
            return duration
        }
    }
}

extension SettingFormat where Value == Timestamp {
    /// An instant, or the first of a day.
    static var instant: Self {
        SettingFormat(
            rule: "has to be RFC 3339, such as 2025-01-31T08:00:00Z, or a date, such as 2025-01-31",
            text: { "\($0)" }, read: { Timestamp(rfc3339: $0) ?? CalendarDay($0)?.start })
    }
}

extension SettingFormat where Value: RawRepresentable<String> & CaseIterable {
    /// One of some words.
    static var choice: Self {
        let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
        return SettingFormat(rule: "has to be one of \(words)", text: \.rawValue) { Value(rawValue: $0.lowercased()) }
    }
}

extension SettingFormat where Value == BaseURL {
    /// Where the API is. A user name and password in it are never shown.
    static var baseURL: Self {
        SettingFormat(text: \.text) { text throws(SettingFault) in
            do throws(BaseURLError) {
                return try BaseURL(text)
            } catch {
                throw SettingFault(rule: "cannot be used: \(error)", hidesValue: error == .userInformation)
            }
        }
    }
}

extension SettingFormat where Value == PingURL {
    /// Where a watchdog is told of syncs. Never shown.
    static var pingURL: Self {
        SettingFormat(text: { "\($0)" }, parse: { text throws(SettingFault) in try PingURL(text) })
    }
}

extension SettingFormat where Value == ProxySettings {
    /// A proxy.
    static var proxy: Self {
        SettingFormat(text: { "\($0)" }) { text throws(SettingFault) in
            do {
                return try ProxySettings(text)
            } catch {
                throw SettingFault(rule: "cannot be used: \(error)", hidesValue: true)
            }
        }
    }
}
