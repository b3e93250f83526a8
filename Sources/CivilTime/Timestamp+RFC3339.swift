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
