import CivilTime
import Foundation
import Testing
import TestSupport

/// Against Foundation's calendar, which is proleptic Gregorian when asked by ISO 8601.
@Suite("Timestamp and Foundation")
struct TimestampReferenceTests {
    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = .gmt
        return calendar
    }()

    @Test func writesAndReadsWhatFoundationSays() {
        let seed: UInt64 = 20_250_223
        var random = SeededRandom(seed: seed)
        // From 1600 on: before 1582 Foundation's calendars differ from each other.
        for _ in 0..<3_000 {
            let seconds = Int64.random(in: -11_676_096_000..<253_402_300_800, using: &random)
            let fraction = Int64.random(in: 0..<1_000_000, using: &random)
            let time = Timestamp(microseconds: seconds * 1_000_000 + fraction)
            let date = Date(timeIntervalSince1970: Double(seconds))
            let parts = Self.calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
            let expected = String(
                format: "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0,
                parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0, Int(fraction))
            #expect(time.description == expected, "seed \(seed)")
            #expect(Timestamp(rfc3339: expected) == time, "seed \(seed)")
        }
    }

    @Test func readsBackUnderEveryOffset() {
        let seed: UInt64 = 7
        var random = SeededRandom(seed: seed)
        for _ in 0..<3_000 {
            let time = Timestamp(
                microseconds: .random(in: -62_135_500_000_000_000..<253_402_200_000_000_000, using: &random))
            let offset = Int.random(in: -1_439...1_439, using: &random)
            let local = (time + .seconds(offset * 60)).description.dropLast()
            let sign = offset < 0 ? "-" : "+"
            let text = local + String(format: "%@%02d:%02d", sign, abs(offset) / 60, abs(offset) % 60)
            #expect(Timestamp(rfc3339: String(text)) == time, "seed \(seed): \(text)")
        }
    }
}
