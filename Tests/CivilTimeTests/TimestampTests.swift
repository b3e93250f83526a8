import CivilTime
import Testing

@Suite("Timestamp")
struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2025-02-23T14:30:00Z", 1_740_321_000_000_000),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("2025-02-23t14:30:00z", 1_740_321_000_000_000), ("2025-02-23T14:30:00+00:00", 1_740_321_000_000_000),
        ("2025-02-23T14:30:00-00:00", 1_740_321_000_000_000), ("2025-02-23T16:30:00+02:00", 1_740_321_000_000_000),
        ("2025-02-23T20:15:00+05:45", 1_740_321_000_000_000), ("2025-02-23T05:00:00-09:30", 1_740_321_000_000_000),
        ("2025-02-24T14:29:00+23:59", 1_740_321_000_000_000), ("2025-02-22T14:31:00-23:59", 1_740_321_000_000_000),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000_000), ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
        ("2000-02-29T00:00:00Z", 951_782_400_000_000)
    ])
    func parses(text: String, microseconds: Int64) throws {
        #expect(Timestamp(rfc3339: text)?.microseconds == microseconds)
        #expect(Timestamp(rfc3339: Array(text.utf8).span.bytes)?.microseconds == microseconds)
    }

    @Test(arguments: [
        (".0", 0), (".1", 100_000), (".12", 120_000), (".123", 123_000), (".1234", 123_400), (".12345", 123_450),
        (".123456", 123_456), (".1234567", 123_456), (".12345678", 123_456), (".123456789", 123_456),
        (".999999999", 999_999), (".0000009", 0), (".000001", 1), (".000000000", 0)
    ])
    func roundsFractionsDown(fraction: String, microseconds: Int64) {
        #expect(Timestamp(rfc3339: "1970-01-01T00:00:00\(fraction)Z")?.microseconds == microseconds)
        let before = Timestamp(rfc3339: "1969-12-31T23:59:59\(fraction)+00:00")
        #expect(before?.microseconds == microseconds - 1_000_000)
    }

    @Test(arguments: [
        ("2024-12-31T23:30:00-01:00", "2025-01-01T00:30:00.000000Z"),
        ("2025-01-01T00:30:00+01:00", "2024-12-31T23:30:00.000000Z"),
        ("2024-02-29T23:59:59-00:01", "2024-03-01T00:00:59.000000Z"),
        ("2023-02-28T23:59:59-00:01", "2023-03-01T00:00:59.000000Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999999Z"),
        ("2016-12-31T23:59:60.5Z", "2016-12-31T23:59:59.999999Z"),
        ("2017-01-01T08:59:60+09:00", "2016-12-31T23:59:59.999999Z"),
        ("2025-06-15T12:34:60z", "2025-06-15T12:34:59.999999Z"),
        ("0001-01-01T05:00:00+05:00", "0001-01-01T00:00:00.000000Z"),
        ("9999-12-31T18:59:59-05:00", "9999-12-31T23:59:59.000000Z"),
        ("1900-02-28T24:00:00Z", nil), ("0001-01-01T00:00:00+00:01", nil), ("9999-12-31T23:59:59-00:01", nil),
        ("0000-12-31T23:59:59-00:01", nil), ("0000-01-01T00:00:00Z", nil),
        ("9999-12-31T23:59:60Z", "9999-12-31T23:59:59.999999Z")
    ])
    func crossesDaysAndYears(text: String, expected: String?) {
        #expect(Timestamp(rfc3339: text)?.description == expected)
    }

    @Test(arguments: [
        "", "2025", "2025-02-23", "2025-02-23T14:30:00", "2025-02-23T14:30Z", "2025-02-23T14Z", "2025-02-23 14:30:00Z",
        "2025-02-23T14:30:00.Z", "2025-02-23T14:30:00.1234567890Z", "2025-02-23T14:30:00,5Z",
        "2025-02-23T14:30:00.12a4Z",
        "2025-02-23T14:30:61Z", "2025-02-23T14:60:00Z", "2025-02-23T24:00:00Z", "2025-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2025-04-31T00:00:00Z", "2025-13-01T00:00:00Z",
        "2025-00-01T00:00:00Z", "2025-01-00T00:00:00Z", "2025-01-32T00:00:00Z", "25-02-23T14:30:00Z",
        "12025-02-23T14:30:00Z", "+2025-02-23T14:30:00Z", "-025-02-23T14:30:00Z", "2025-2-23T14:30:00Z",
        "2025/02/23T14:30:00Z", "2025-02-23T14.30.00Z", "20250223T143000Z", "2025-02-23T14:30:00ZZ",
        "2025-02-23T14:30:00Z ", " 2025-02-23T14:30:00Z", "2025-02-23T14:30:00+0100", "2025-02-23T14:30:00+01",
        "2025-02-23T14:30:00+24:00", "2025-02-23T14:30:00+01:60", "2025-02-23T14:30:00 01:00",
        "2025-02-23T14:30:00+1:00",
        "2025-02-23T14:30:00+01:000", "2025-02-23T14:30:00UTC", "2025-02-23T14:30:00.5", "2025-02-23T14:30:00.5+",
        "2025-02-23T14:30:00\u{2212}01:00", "2025-02-23T14:30:0٣Z", "2025-02-23T14:30:00Z\u{0}",
        "2025-02-23\u{14}14:30:00Z",
        "2025-02-23T14:30:00\u{1A}", "0x25-02-23T14:30:00Z", "2025-02-23T1 :30:00Z", "2025-02-23T-1:30:00Z", "null",
        "1740321000"
    ])
    func refuses(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
        #expect(Timestamp(rfc3339: Array(text.utf8).span.bytes) == nil)
    }

    @Test func addsAndSubtracts() {
        let time = Timestamp(microseconds: 1_000_000)
        #expect((time + .seconds(2)).microseconds == 3_000_000)
        #expect((time - .seconds(2)).microseconds == -1_000_000)
        #expect((time + .nanoseconds(1_999)).microseconds == 1_000_001)
        #expect((time - .nanoseconds(1)).microseconds == 999_999)
        #expect(time - Timestamp(microseconds: 3_000_000) == .seconds(-2))
        #expect(
            Timestamp(microseconds: .max) - Timestamp(microseconds: .min) == .microseconds(Int64.max)
                - .microseconds(Int64.min))
        #expect((Timestamp(microseconds: .max) + .seconds(1)).microseconds == .max)
        #expect((Timestamp(microseconds: .min) - .seconds(1)).microseconds == .min)
        #expect((time + .seconds(Int64.max)).microseconds == .max)
        #expect((time - .seconds(Int64.max)).microseconds == .min)
    }

    @Test func ordersByTime() {
        #expect(Timestamp(microseconds: -1) < Timestamp(microseconds: 0))
        #expect(Timestamp(rfc3339: "2025-02-23T16:30:00+02:00") == Timestamp(rfc3339: "2025-02-23T14:30:00Z"))
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.999999Z", -1), ("1970-01-01T23:59:59.999999Z", 0),
        ("1970-01-02T00:00:00Z", 1), ("1970-01-01T00:30:00+01:00", -1)
    ])
    func liesInAUTCDay(text: String, number: Int32) throws {
        #expect(try #require(Timestamp(rfc3339: text)).day == CalendarDay(number: number))
    }

    @Test(arguments: [Int64.min, .min + 1, -62_135_596_800_000_001, -1, 0, 1, 253_402_300_800_000_000, .max])
    func describesEveryValue(microseconds: Int64) {
        let text = Timestamp(microseconds: microseconds).description
        #expect(text.hasSuffix("Z") && text.contains("T"))
    }
}
