/// A moment in UTC, to the microsecond, without leap seconds.
package struct Timestamp: Comparable, Hashable, Sendable, CustomStringConvertible {
    /// Microseconds since 1970-01-01T00:00:00Z.
    package var microseconds: Int64

    static let microsecondsPerSecond: Int64 = 1_000_000
    static let microsecondsPerDay: Int64 = 86_400 * microsecondsPerSecond

    /// The moment `microseconds` after 1970-01-01T00:00:00Z.
    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// The UTC day the moment lies in.
    package var day: CalendarDay {
        CalendarDay(number: Int32(clamping: microseconds.dividedFloor(by: Self.microsecondsPerDay)))
    }

    /// RFC 3339 in UTC with six fractional digits: `2025-02-23T14:30:00.000000Z`.
    package var description: String {
        var text: [UInt8] = []
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends ``description`` to a text: many thousands of times would cost as many strings.
    package func append(to text: inout [UInt8]) {
        let days = microseconds.dividedFloor(by: Self.microsecondsPerDay)
        // Wraps before the start of the first representable day; the difference is right all the same.
        let ofDay = Int(microseconds &- days &* Self.microsecondsPerDay)
        let (seconds, fraction) = ofDay.quotientAndRemainder(dividingBy: Int(Self.microsecondsPerSecond))
        day.append(to: &text)
        text.append(UInt8(ascii: "T"))
        text.append(seconds / 3600, width: 2)
        text.append(UInt8(ascii: ":"))
        text.append(seconds / 60 % 60, width: 2)
        text.append(UInt8(ascii: ":"))
        text.append(seconds % 60, width: 2)
        text.append(UInt8(ascii: "."))
        text.append(fraction, width: 6)
        text.append(UInt8(ascii: "Z"))
    }

    /// The moment `duration` later, rounded down to the microsecond; the last one there is rather than an overflow.
    package static func + (time: Timestamp, duration: Duration) -> Timestamp {
        let added = duration.attoseconds.dividedFloor(by: 1_000_000_000_000)
        return Timestamp(microseconds: Int64(clamping: Int128(time.microseconds) + added))
    }

    /// The moment `duration` earlier, rounded down to the microsecond; the first one there is rather than an overflow.
    package static func - (time: Timestamp, duration: Duration) -> Timestamp {
        time + (.zero - duration)
    }

    /// How much later `left` is than `right`; negative if it is earlier.
    package static func - (left: Timestamp, right: Timestamp) -> Duration {
        .microseconds(left.microseconds) - .microseconds(right.microseconds)
    }

    /// Whether `left` comes before `right`.
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }
}

extension Timestamp {
    /// The moment that all of `text` names in RFC 3339, such as `2025-02-23T14:30:00.123Z` or `…t16:30:00+02:00`; nil
    /// for anything else.
    ///
    /// `T` and `Z` in either case, 0 to 9 fractional digits (rounded down to the microsecond), any offset below 24
    /// hours. Second 60, a leap second, is the last microsecond of its minute. Years run from 0001 to 9999, in UTC as
    /// well.
    package init?(rfc3339 text: RawSpan) {
        // "YYYY-MM-DDThh:mm:ss" has 19 bytes, the shortest offset one.
        guard
            text.byteCount >= 20, let day = CalendarDay(text.extracting(0..<10)),
            text.byte(at: 10) | 0x20 == UInt8(ascii: "t"),
            let minute = text.minutes(at: 11), text.byte(at: 16) == UInt8(ascii: ":"),
            let second = text.digits(in: 17..<19), second <= 60,
            let (fraction, end) = text.fraction(at: 19), let offset = text.utcOffset(from: end)
        else { return nil }
        let seconds = (Int64(day.number) * 1440 + Int64(minute - offset)) * 60 + Int64(min(second, 59))
        let ofSecond = second == 60 ? Self.microsecondsPerSecond - 1 : fraction
        self.init(microseconds: seconds * Self.microsecondsPerSecond + ofSecond)
        guard (CalendarDay.first...CalendarDay.last).contains(self.day) else { return nil }
    }

    /// The moment of `day` at the time that all of `text` names in the form that ``description`` has behind the date:
    /// `T14:30:00.000000Z`. `nil` for any other form.
    package init?(_ day: CalendarDay, time text: RawSpan) {
        guard text.byteCount == 17, text.byte(at: 0) == UInt8(ascii: "T"), let minute = text.minutes(at: 1),
            text.byte(at: 6) == UInt8(ascii: ":"), let second = text.digits(in: 7..<9), second < 60,
            text.byte(at: 9) == UInt8(ascii: "."), let fraction = text.digits(in: 10..<16),
            text.byte(at: 16) == UInt8(ascii: "Z")
        else { return nil }
        self.init(
            microseconds: day.start.microseconds + Int64(minute * 60 + second) * Self.microsecondsPerSecond
                + Int64(fraction))
    }

    /// The moment that all of `rfc3339` names, as `init(rfc3339:)` of its bytes.
    package init?(rfc3339: String) {
        self.init(rfc3339: rfc3339.utf8.span.bytes)
    }
}

extension RawSpan {
    /// The minutes of the `hh:mm` at `offset`, below 24 hours.
    fileprivate func minutes(at offset: Int) -> Int? {
        guard
            let hour = digits(in: offset..<offset + 2), hour < 24, byte(at: offset + 2) == UInt8(ascii: ":"),
            let minute = digits(in: offset + 3..<offset + 5), minute < 60
        else { return nil }
        return hour * 60 + minute
    }

    /// The microseconds of the fraction at `offset` and where it ends; 0 and `offset` if there is none.
    fileprivate func fraction(at offset: Int) -> (microseconds: Int64, end: Int)? {
        guard byte(at: offset) == UInt8(ascii: ".") else { return (0, offset) }
        let start = offset + 1
        var end = start
        var microseconds: Int64 = 0
        while byte(at: end).isDigit {
            guard end - start < 9 else { return nil }
            if end - start < 6 { microseconds = microseconds * 10 + Int64(byte(at: end) - UInt8(ascii: "0")) }
            end += 1
        }
        guard end > start else { return nil }
        for _ in min(end - start, 6)..<6 { microseconds *= 10 }
        return (microseconds, end)
    }

    /// The minutes east of UTC that the rest of the bytes name: `Z`, `z`, `+hh:mm` or `-hh:mm`.
    fileprivate func utcOffset(from start: Int) -> Int? {
        let sign = byte(at: start)
        if byteCount == start + 1, sign | 0x20 == UInt8(ascii: "z") { return 0 }
        guard byteCount == start + 6, let minutes = minutes(at: start + 1) else { return nil }
        switch sign {
        case UInt8(ascii: "+"): return minutes
        case UInt8(ascii: "-"): return -minutes
        default: return nil
        }
    }
}

/// How dates and times of a fixed form are read: bytes looked at in place, without strings.
extension RawSpan {
    /// The byte at `offset`, or 0 outside the span: NUL stands nowhere in a date.
    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        offset >= 0 && offset < byteCount ? unsafeLoad(fromByteOffset: offset, as: UInt8.self) : 0
    }

    /// The value of the decimal digits in `range`, at most nine of them; nil if anything else is there.
    @inline(__always)
    func digits(in range: Range<Int>) -> Int? {
        var value = 0
        for offset in range {
            let byte = byte(at: offset)
            guard byte.isDigit else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }
}

extension UInt8 {
    /// `0` to `9`.
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}
