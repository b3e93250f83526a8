package import CivilTime
import Crypto
import JSONText

/// An event id in 16 bytes, so that the ids of a busy window fit in memory.
///
/// A canonical lower-case UUID is itself; any other text is the first half of its SHA-256. Two ids that differ in
/// spelling differ here.
package struct EventKey: Hashable, Sendable, Comparable {
    @usableFromInline let high: UInt64
    @usableFromInline let low: UInt64

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

    /// Where a table should look for the key first; another number in each process.
    package var tableHash: UInt64 { KeyedHash.hash(high, low) }

    /// The key as 32 hex digits, for a hint file.
    package var hexadecimal: String {
        [high, low].map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// Reads 32 lower-case hex digits; `nil` if they are not.
    package init?(hexadecimal text: String) {
        let digits = Array(text.utf8)
        self.init(hexadecimal: digits.span.bytes)
    }

    /// Reads 32 lower-case hex digits; `nil` if they are not.
    package init?(hexadecimal digits: RawSpan) {
        guard digits.byteCount == 32, let first = HexDigits.value(of: digits.word(at: 0)),
            let second = HexDigits.value(of: digits.word(at: 8)),
            let third = HexDigits.value(of: digits.word(at: 16)),
            let fourth = HexDigits.value(of: digits.word(at: 24))
        else { return nil }
        high = first << 32 | second
        low = third << 32 | fourth
    }

    /// The key's two halves, the same in every process.
    package var words: (high: UInt64, low: UInt64) { (high, low) }

    // Millions are sorted, in other modules.
    @inlinable @inline(__always)
    package static func == (one: EventKey, other: EventKey) -> Bool {
        one.high == other.high && one.low == other.low
    }

    @inlinable @inline(__always)
    package static func < (one: EventKey, other: EventKey) -> Bool {
        one.high == other.high ? one.low < other.low : one.high < other.high
    }
}

extension EventKey {
    /// The 128 bits of a UUID written as `8-4-4-4-12` lower-case hex digits; `nil` for any other text.
    static func canonicalUUID(_ id: RawSpan) -> (high: UInt64, low: UInt64)? {
        guard id.byteCount == 36, id.hasHyphen(at: 8), id.hasHyphen(at: 13), id.hasHyphen(at: 18), id.hasHyphen(at: 23),
            let first = HexDigits.value(of: id.word(at: 0)),
            let second = HexDigits.value(of: id.digits(at: 9, and: 14)),
            let third = HexDigits.value(of: id.digits(at: 19, and: 24)),
            let fourth = HexDigits.value(of: id.word(at: 28))
        else { return nil }
        return (first << 32 | second, third << 32 | fourth)
    }
}

extension RawSpan {
    fileprivate func hasHyphen(at offset: Int) -> Bool {
        unsafeLoad(fromByteOffset: offset, as: UInt8.self) == UInt8(ascii: "-")
    }

    /// Four bytes from one place and four from another, the first one lowest.
    fileprivate func digits(at offset: Int, and other: Int) -> UInt64 {
        let low = UInt32(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
        let high = UInt32(littleEndian: unsafeLoadUnaligned(fromByteOffset: other, as: UInt32.self))
        return UInt64(high) << 32 | UInt64(low)
    }
}

/// An event as a person would look for it: when it happened, and its id.
package struct EventReference: Sendable, Hashable, Comparable {
    /// Its event time.
    package var time: Timestamp

    /// Its id, decoded.
    package var id: String

    /// Names an event.
    package init(time: Timestamp, id: String) {
        self.time = time
        self.id = id
    }

    /// By time, then id.
    package static func < (one: EventReference, other: EventReference) -> Bool {
        (one.time, one.id) < (other.time, other.id)
    }
}
