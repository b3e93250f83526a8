import CivilTime

extension FuzzTarget {
    /// An RFC 3339 timestamp.
    static let timestamp = FuzzTarget(
        "timestamp",
        tokens: [
            "T", "t", "Z", "z", "+00:00", "-00:00", "+23:59", "-23:59", "+24:00", ".", ".0", ".999999999",
            ".1234567890",
            ":60", ":59", "23:59:60", "24:00:00", "0000", "0001", "9999", "-02-29", "-02-30", "-12-31", "-01-01",
            "1900",
            "2000", "-", ":", "+", " ", "\u{0}", "٣", "０", "é"
        ], judge: TimestampJudge.judge)
}

private enum TimestampJudge {
    static func judge(_ bytes: [UInt8]) -> FuzzOutcome {
        let expected = TimestampReference.microseconds(bytes)
        let time = withGuardedBytes(bytes) { Timestamp(rfc3339: $0) }
        guard time.map({ Int($0.microseconds) }) == expected else {
            return .violated("not the moment that the reference computes")
        }
        if let text = String(validating: bytes, as: UTF8.self), Timestamp(rfc3339: text) != time {
            return .violated("the string names another moment than its bytes")
        }
        guard let time else { return .refused(kind: "\(min(bytes.count, 40)) bytes") }
        let written = time.description
        guard written.utf8.count == 27, Timestamp(rfc3339: written) == time, time.day.description == written.prefix(10)
        else { return .violated("does not survive writing") }
        guard time.day.start <= time, time - time.day.start < .seconds(86_400),
            CalendarDay(time.day.description) == time.day
        else { return .violated("lies outside its day") }
        return .accepted(kind: "\(bytes.count) bytes")
    }
}
