import AuditReport
import CivilTime

/// Figures as people read them.
enum Units {
    /// `1,234,567`.
    static func count(_ number: Int) -> String { Figures.count(number) }

    /// `1 file`, `2 files`.
    static func count(_ number: Int, _ noun: String) -> String {
        "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// `1 entry`, `2 entries`.
    static func count(_ number: Int, _ noun: String, plural: String) -> String {
        "\(count(number)) \(number == 1 ? noun : plural)"
    }

    /// `512 B`, `1.2 KiB`, `64.0 MiB`.
    static func bytes(_ number: Int) -> String {
        var tenths = number.magnitude.multipliedReportingOverflow(by: 10).partialValue
        guard number.magnitude >= 1024, number.magnitude < UInt.max / 10 else { return "\(count(number)) B" }
        var unit = ""
        for name in ["KiB", "MiB", "GiB", "TiB", "PiB"] where tenths >= 10_240 || unit.isEmpty {
            tenths = (tenths + 512) / 1024
            unit = name
        }
        return "\(number < 0 ? "-" : "")\(tenths / 10).\(tenths % 10) \(unit)"
    }

    /// The two largest units: `350 ms`, `4.2 s`, `5 min 3 s`, `2 h 10 min`, `3 d 4 h`.
    static func duration(_ duration: Duration) -> String {
        let milliseconds = max(0, milliseconds(duration))
        let seconds = milliseconds / 1000
        if seconds < 1 { return "\(milliseconds) ms" }
        let tenth = milliseconds / 100 % 10
        if seconds < 10, tenth > 0 { return "\(seconds).\(tenth) s" }
        let pairs: [(Int, String, Int, String)] = [
            (86_400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")
        ]
        for (large, largeName, small, smallName) in pairs where seconds >= large {
            let rest = seconds % large / small
            return "\(count(seconds / large)) \(largeName)" + (rest > 0 ? " \(rest) \(smallName)" : "")
        }
        return "\(seconds) s"
    }

    /// `2025-02-23 14:30:00 UTC`.
    static func moment(_ time: Timestamp) -> String {
        "\(time.description.prefix(10)) \(time.description.dropFirst(11).prefix(8)) UTC"
    }

    /// Seconds with one to three decimals, for machines: `0.0`, `0.4`, `1.234`.
    static func decimalSeconds(_ duration: Duration) -> String {
        let total = milliseconds(duration)
        let magnitude = total.magnitude
        var decimals = String(String(1000 + magnitude % 1000).dropFirst())
        while decimals.count > 1, decimals.hasSuffix("0") { decimals.removeLast() }
        return "\(total < 0 ? "-" : "")\(magnitude / 1000).\(decimals)"
    }

    /// Rounded to the nearest.
    private static func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        let half: Int64 = attoseconds < 0 ? -500_000_000_000_000 : 500_000_000_000_000
        return Int(clamping: seconds) * 1000 + Int((attoseconds + half) / 1_000_000_000_000_000)
    }
}
