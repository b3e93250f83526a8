/// The texts of moments: RFC 3339 for events and settings, HTTP dates for headers, ISO dates for filters.
package enum TimestampText {
    /// Appends an RFC 3339 timestamp.
    ///
    /// - Parameters:
    ///   - microseconds: the moment, since 1970-01-01T00:00:00Z.
    ///   - digits: fractional digits, 0 to 9; what they cannot hold is cut off, digits past the sixth are zeros.
    ///   - offsetMinutes: the zone it is written in; nil writes `Z`.
    package static func appendRFC3339(
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
    package static func rfc3339(_ microseconds: Int64) -> String {
        var out: [UInt8] = []
        appendRFC3339(microseconds, digits: 6, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// The moment as an HTTP date (RFC 9110, IMF-fixdate), such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    package static func httpDate(_ microseconds: Int64) -> String {
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
