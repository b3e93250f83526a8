import CivilTime

/// Figures, dates and times as the report writes them: absolute, in UTC.
package enum Figures {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    /// From Monday on.
    static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    /// `1,234,567`.
    package static func count(_ number: Int) -> String {
        let digits = Array(String(number.magnitude))
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// `1 day`, `2 days`.
    static func count(_ number: Int, _ noun: String) -> String { count(number, noun, plural: noun + "s") }

    /// `1 entry`, `2 entries`.
    static func count(_ number: Int, _ noun: String, plural: String) -> String {
        "\(count(number)) \(number == 1 ? noun : plural)"
    }

    /// `2025-02-23 14:30:00 UTC`.
    static func moment(_ time: Timestamp) -> String {
        "\(minute(time)):\(time.description.dropFirst(17).prefix(2)) UTC"
    }

    /// `2025-02-23 14:30`.
    static func minute(_ time: Timestamp) -> String {
        "\(time.description.prefix(10)) \(time.description.dropFirst(11).prefix(5))"
    }

    /// `Feb`.
    static func monthName(_ day: CalendarDay) -> String { months[(day.month - 1) % 12] }

    /// `1.9 MB`.
    static func bytes(_ number: Int) -> String {
        if number < 1000 { return "\(number) B" }
        var (tenth, unit) = (100, "kB")
        for larger in ["MB", "GB", "TB"] where (number + tenth / 2) / tenth >= 10_000 {
            (tenth, unit) = (tenth * 1000, larger)
        }
        let tenths = (number + tenth / 2) / tenth
        return "\(count(tenths / 10)).\(tenths % 10) \(unit)"
    }
}

extension CalendarDay {
    /// The year.
    var year: Int { Int(description.prefix(4)) ?? 0 }
    /// 1 to 12.
    var month: Int { Int(description.dropFirst(5).prefix(2)) ?? 1 }
    /// `2025-02`.
    var monthText: String { String(description.prefix(7)) }
    /// 0 for Monday to 6 for Sunday: 1970-01-01 was a Thursday.
    var weekday: Int { ((Int(number) + 3) % 7 + 7) % 7 }
}
