/// The names of archives.
package enum ArchiveID {
    /// A new one: 32 lower-case hex digits.
    package static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return make(using: &generator)
    }

    /// A new one from 16 random bytes.
    package static func make(using generator: inout some RandomNumberGenerator) -> String {
        [generator.next(), generator.next()].map { (half: UInt64) in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        .joined()
    }
}
