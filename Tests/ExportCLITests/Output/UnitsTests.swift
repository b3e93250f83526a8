@testable import ExportCLI
import Testing

@Suite("Figures")
struct UnitsTests {
    @Test(
        "are grouped", arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000")]
    )
    func count(number: Int, expected: String) {
        #expect(Units.count(number) == expected)
    }

    @Test("agree with their noun")
    func nouns() {
        #expect(Units.count(1, "file") == "1 file")
        #expect(Units.count(0, "file") == "0 files")
        #expect(Units.count(2000, "event") == "2,000 events")
    }

    @Test(
        "have units of bytes",
        arguments: [
            (0, "0 B"), (1023, "1,023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (67_108_864, "64.0 MiB"),
            (1_048_575, "1.0 MiB"), (5_000_000_000, "4.7 GiB"), (1 << 50, "1.0 PiB")
        ])
    func bytes(number: Int, expected: String) {
        #expect(Units.bytes(number) == expected)
    }

    @Test(
        "have units of time",
        arguments: [
            (Duration.milliseconds(350), "350 ms"), (.milliseconds(4250), "4.2 s"), (.seconds(59), "59 s"),
            (.seconds(303), "5 min 3 s"), (.seconds(7800), "2 h 10 min"), (.seconds(273_600), "3 d 4 h"),
            (.seconds(86_400), "1 d"), (.zero, "0 ms"), (.seconds(-5), "0 ms")
        ])
    func duration(duration: Duration, expected: String) {
        #expect(Units.duration(duration) == expected)
    }

    @Test(
        "are decimals of seconds for machines",
        arguments: [
            (Duration.zero, "0.0"), (.milliseconds(400), "0.4"), (.milliseconds(1234), "1.234"), (.seconds(3), "3.0"),
            (.microseconds(1_234_567), "1.235"), (.milliseconds(50), "0.05"), (.milliseconds(-1500), "-1.5"),
            (.microseconds(999_999), "1.0")
        ])
    func decimals(duration: Duration, expected: String) {
        #expect(Units.decimalSeconds(duration) == expected)
    }
}
