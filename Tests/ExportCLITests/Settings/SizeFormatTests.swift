@testable import ExportCLI
import Testing

@Suite("Sizes")
struct SizeFormatTests {
    @Test(
        "are read",
        arguments: [
            ("64MiB", 67_108_864), ("1GB", 1_000_000_000), ("500000B", 500_000), ("1KiB", 1024), ("1k", 1024),
            ("1kB", 1000), ("1.5MiB", 1_572_864), ("2 GiB", 2_147_483_648), ("10b", 10), ("1T", 1_099_511_627_776),
            ("0B", 0), ("1mb", 1_000_000)
        ])
    func read(text: String, expected: Int) {
        #expect(SizeFormat.parse(text) == expected)
    }

    @Test(
        "are refused",
        arguments: ["", "MiB", "1048576", "0", "-1", "1XB", "1 M B", "9999999TiB", "0x10", "1e6", "1.MiB", "64MiBs"])
    func refuse(text: String) {
        #expect(SizeFormat.parse(text) == nil)
    }

    @Test(
        "are written in the largest unit that fits",
        arguments: [
            (67_108_864, "64MiB"), (1 << 30, "1GiB"), (1024, "1KiB"), (1000, "1000B"), (0, "0B"), (1 << 50, "1024TiB"),
            (1536, "1536B")
        ])
    func written(bytes: Int, expected: String) {
        #expect(SizeFormat.text(of: bytes) == expected)
        #expect(SizeFormat.parse(expected) == bytes)
    }
}
