@testable import ExportCLI
import Testing

@Suite("Durations")
struct DurationFormatTests {
    @Test(
        "are read",
        arguments: [
            ("24h", Duration.seconds(86_400)), ("90s", .seconds(90)), ("1h30m", .seconds(5400)),
            ("7d", .seconds(604_800)), ("500ms", .milliseconds(500)), ("0s", .zero),
            ("1.5h", .seconds(5400)), ("0.25s", .milliseconds(250)), ("2w", .seconds(1_209_600)),
            ("1m30s500ms", .milliseconds(90_500)), ("36500d", DurationFormat.longest), ("0.0000019s", .microseconds(1))
        ])
    func read(text: String, expected: Duration) {
        #expect(DurationFormat.parse(text) == expected)
    }

    @Test(
        "are refused",
        arguments: [
            "", "h", "45", "0", "-1h", "1y", "1 h", "1h 30m", "1h30", "30m5", ".5h", "1.h", "1..5h", "1e3", "0x10",
            "24H", "９s",
            "36501d", "99999999999999999999", "9223372036854775807d", "1h-30m", "inf", "1,5h"
        ])
    func refuse(text: String) {
        #expect(DurationFormat.parse(text) == nil)
    }

    @Test(
        "are written in the largest unit that fits",
        arguments: [
            (Duration.seconds(86_400), "1d"), (.seconds(5400), "90m"), (.milliseconds(1500), "1500ms"), (.zero, "0s"),
            (.seconds(3600), "1h")
        ])
    func written(duration: Duration, expected: String) {
        #expect(DurationFormat.text(of: duration) == expected)
        #expect(DurationFormat.parse(expected) == duration)
    }

    @Test(
        "are written in smaller units where more than one is asked for",
        arguments: [
            (Duration.seconds(86_400), "24h"), (.seconds(60), "60s"), (.seconds(10), "10s"), (.seconds(172_800), "2d"),
            (.milliseconds(1), "1ms"), (.zero, "0s")
        ])
    func plural(duration: Duration, expected: String) {
        #expect(DurationFormat.text(of: duration, fewest: 2) == expected)
    }
}
