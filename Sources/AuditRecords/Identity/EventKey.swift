import Crypto

/// An event id in 16 bytes, so that the ids of a busy window fit in memory.
///
/// A canonical lower-case UUID is itself; any other text is the first half of its SHA-256. Two ids that differ in
/// spelling differ here.
package struct EventKey: Hashable, Sendable, Comparable {
    private let high: UInt64
    private let low: UInt64

    /// The key of an id given as its decoded UTF-8 bytes.
    package init(id: RawSpan) {
        if let uuid = Self.canonicalUUID(id) {
            (high, low) = uuid
            return
        }
        var hash = SHA256()
        id.withUnsafeBytes { hash.update(bufferPointer: $0) }
        let halves = hash.finalize().withUnsafeBytes { digest in
            (digest.loadUnaligned(as: UInt64.self), digest.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        high = UInt64(bigEndian: halves.0)
        low = UInt64(bigEndian: halves.1)
    }

    /// What stands for a record without an id among the keys of this run of the program.
    package init(standingFor value: CanonicalDigest) {
        let bytes = withUnsafeBytes(of: value.word) { Array($0) }
        self.init(id: bytes.span.bytes)
    }

    /// Where a table should look for the key first; another number in each process.
    package var tableHash: UInt64 { KeyedHash.hash(high, low) }

    /// The key as 32 hex digits, for a hint file.
    package var hexadecimal: String {
        [high, low].map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// Reads 32 hex digits; `nil` if they are not.
    package init?(hexadecimal text: String) {
        guard text.utf8.count == 32, text.allSatisfy(\.isHexDigit), let high = UInt64(text.prefix(16), radix: 16),
            let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.high = high
        self.low = low
    }

    /// The key's two halves, the same in every process.
    package var words: (high: UInt64, low: UInt64) { (high, low) }

    package static func < (one: EventKey, other: EventKey) -> Bool {
        (one.high, one.low) < (other.high, other.low)
    }
}
