import Crypto
import JSONText

/// An event id in 16 bytes, so that the ids of a busy window fit in memory.
///
/// A canonical lower-case UUID is itself; any other text is the first half of its SHA-256. Two ids that differ in
/// spelling differ here.
package struct EventKey: Hashable, Sendable, Comparable {
    private let high: UInt64
    private let low: UInt64

    /// The key of an id given as its decoded UTF-8 bytes.
    package init(id: RawSpan) {
        if let uuid = Self(canonicalUUID: id) {
            self = uuid
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

    private init?(canonicalUUID id: RawSpan) {
        guard id.byteCount == 36 else { return nil }
        var halves: (high: UInt64, low: UInt64) = (0, 0)
        var digits = 0
        for index in 0..<36 {
            let byte = id.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            default: return nil
            }
            if digits < 16 { halves.high = halves.high << 4 | UInt64(digit) } else { halves.low = halves.low << 4 | UInt64(digit) }
            digits += 1
        }
        high = halves.high
        low = halves.low
    }

    /// The key as 32 hex digits, for a hint file.
    package var hexadecimal: String {
        [high, low].map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// Reads 32 hex digits; `nil` if they are not.
    package init?(hexadecimal text: String) {
        guard text.utf8.count == 32, let high = UInt64(text.prefix(16), radix: 16),
            let low = UInt64(text.suffix(16), radix: 16)
        else { return nil }
        self.high = high
        self.low = low
    }

    package static func < (one: EventKey, other: EventKey) -> Bool {
        (one.high, one.low) < (other.high, other.low)
    }
}

/// What tells one content of an event from another within a run of the program: a keyed hash, new in each process.
package struct ContentDigest: Hashable, Sendable {
    private let value: UInt64

    /// The digest of a compacted line.
    package init(line: RawSpan) {
        var hasher = Hasher()
        line.withUnsafeBytes { hasher.combine(bytes: $0) }
        value = UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
