/// Sizes as people write them: `64MiB`, `1GB`, `4096B`.
enum SizeFormat {
    /// What is allowed, for messages.
    static let allowed = "such as 64MiB, 100MB or 4096B"

    /// As GNU's tools have it: `K` and `KiB` count 1024s, `KB` 1000s.
    private static let units: [(name: String, bytes: Int64)] = [
        ("b", 1),
        ("k", 1 << 10), ("kib", 1 << 10), ("kb", 1000),
        ("m", 1 << 20), ("mib", 1 << 20), ("mb", 1_000_000),
        ("g", 1 << 30), ("gib", 1 << 30), ("gb", 1_000_000_000),
        ("t", 1 << 40), ("tib", 1 << 40), ("tb", 1_000_000_000_000)
    ]

    /// Reads a size in bytes; nil for anything else and for what does not fit.
    static func parse(_ text: String) -> Int? {
        var rest = text.utf8[...]
        guard let number = DecimalNumber.take(from: &rest) else { return nil }
        let name = Substring(rest).drop { $0 == " " }.lowercased()
        guard let unit = units.first(where: { $0.name == name })?.bytes, let bytes = number.scaled(by: unit) else {
            return nil
        }
        return Int(exactly: bytes)
    }

    /// A size in the largest binary unit that fits exactly: `64MiB`, `1000B`.
    static func text(of bytes: Int) -> String {
        let power = min(4, bytes == 0 ? 0 : bytes.trailingZeroBitCount / 10)
        return "\(bytes >> (10 * power))\(["B", "KiB", "MiB", "GiB", "TiB"][power])"
    }
}
