@testable import CaptivateIQSimulator
import Testing

@Suite struct CivilTimeTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"), (1_795_219_200_000_000, "2026-11-21T00:00:00.000000Z"),
        (-62_135_596_800_000_000, "0001-01-01T00:00:00.000000Z"),
        (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z")
    ])
    func textAndBack(microseconds: Int64, text: String) {
        #expect(TimestampText.rfc3339(microseconds) == text)
        #expect(TimestampText.parse(text) == microseconds)
    }

    @Test func everyDayOfFourCenturiesFollowsTheOneBefore() throws {
        var previous = CivilTime(microseconds: -200 * 366 * CivilTime.day)
        for _ in 0..<146_097 {
            let next = CivilTime(microseconds: previous.microseconds + CivilTime.day)
            let made = try #require(CivilTime(year: next.year, month: next.month, day: next.day))
            try #require(made.daysSince1970 == previous.daysSince1970 + 1, "\(next)")
            let steps = next.day == previous.day + 1 || next.day == 1 && previous.day >= 28
            try #require(steps, "\(previous) to \(next)")
            previous = next
        }
    }

    @Test(arguments: [
        ("2026-11-21T02:30:00+02:30", 1_795_219_200_000_000), ("2026-11-20T16:00:00-08:00", 1_795_219_200_000_000),
        ("2026-11-21", 1_795_219_200_000_000), ("2026-11-21t00:00:00.1z", 1_795_219_200_100_000),
        ("2026-11-21T00:00:00.000001999Z", 1_795_219_200_000_001)
    ])
    func readsZonesAndFractions(text: String, microseconds: Int64) {
        #expect(TimestampText.parse(text) == microseconds)
    }

    @Test(arguments: [
        "", "2026", "2026-13-01", "2026-02-29", "2026-1-01", "2026-11-21T", "2026-11-21T00:00Z", "2026-11-21T00:00:00",
        "2026-11-21T24:00:00Z", "2026-11-21T00:00:00.Z", "2026-11-21T00:00:00.1234567890Z", "2026-11-21T00:00:00+2:00",
        "+026-11-21", "2026-11-21T00:00:00Zx", "2026-11-21T00:00:00+24:00"
    ])
    func refuses(text: String) {
        #expect(TimestampText.parse(text) == nil)
    }

    @Test func httpDate() {
        #expect(TimestampText.httpDate(784_111_777_000_000) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(TimestampText.httpDate(0) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(TimestampText.httpDate(-1) == "Wed, 31 Dec 1969 23:59:59 GMT")
    }
}
