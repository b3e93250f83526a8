package import Crypto
import JSONText

/// A SHA-256 hash: of a leaf or a node of a tree (RFC 6962, 2.1), or of some bytes.
package struct TreeHash: Hashable, Sendable, CustomStringConvertible {
    // As they lie in memory, so that their bytes are the hash's.
    private let first, second, third, fourth: UInt64

    /// How many bytes a hash has.
    static let byteCount = 32

    /// The hash that some data has.
    package init(_ digest: SHA256.Digest) {
        (first, second, third, fourth) = digest.withUnsafeBytes { bytes in
            (
                bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
                bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
                bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
            )
        }
    }

    /// The hash that these bytes are; `nil` unless they are 32.
    package init?(bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == Self.byteCount else { return nil }
        let words = stride(from: 0, to: Self.byteCount, by: 8).map { start in
            bytes[start..<start + 8].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        }
        (first, second, third, fourth) = (
            UInt64(littleEndian: words[0]), UInt64(littleEndian: words[1]), UInt64(littleEndian: words[2]),
            UInt64(littleEndian: words[3])
        )
    }

    /// Reads 64 lower-case hex digits; `nil` if they are not.
    package init?(hexadecimal text: String) {
        guard text.isLowerHexadecimal(2 * Self.byteCount) else { return nil }
        let digits = text.utf8.map { $0 < UInt8(ascii: "a") ? $0 - UInt8(ascii: "0") : $0 - UInt8(ascii: "a") + 10 }
        self.init(bytes: stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
    }

    /// The 32 bytes.
    package var bytes: [UInt8] { withUnsafeBytes(of: self) { Array($0) } }

    /// The bytes, eight at a time, as numbers that are the same on every machine.
    var words: [UInt64] {
        [UInt64(bigEndian: first), UInt64(bigEndian: second), UInt64(bigEndian: third), UInt64(bigEndian: fourth)]
    }

    /// 64 lower-case hex digits.
    package var hexadecimal: String { hexadecimalText(of: bytes) }

    /// ``hexadecimal``.
    package var description: String { hexadecimal }
}

extension TreeHash {
    /// Reads the 64 lower-case hex digits at `start`; `nil` if there are none.
    init?(hexadecimalAt start: Int, in text: RawSpan) {
        guard start >= 0, text.byteCount - start >= 2 * Self.byteCount,
            let first = text.hexadecimalWord(at: start), let second = text.hexadecimalWord(at: start + 16),
            let third = text.hexadecimalWord(at: start + 32), let fourth = text.hexadecimalWord(at: start + 48)
        else { return nil }
        (self.first, self.second, self.third, self.fourth) = (first, second, third, fourth)
    }

    /// Appends ``hexadecimal`` to a text.
    func append(to text: inout [UInt8]) { withUnsafeBytes(of: self) { text.append(hexadecimal: $0) } }
}

extension RawSpan {
    /// The eight bytes, as they lie in memory, whose 16 lower-case hex digits stand at `start`, which must lie inside;
    /// `nil` for anything else.
    fileprivate func hexadecimalWord(at start: Int) -> UInt64? {
        guard let first = HexDigits.value(of: word(at: start)), let second = HexDigits.value(of: word(at: start + 8))
        else { return nil }
        return UInt64(bigEndian: first << 32 | second)
    }
}

extension TreeHash {
    /// SHA-256 of some bytes.
    package static func plain(_ bytes: RawSpan) -> TreeHash {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return TreeHash(hash.finalize())
    }

    /// SHA-256 of a text's UTF-8.
    package static func plain(_ text: String) -> TreeHash { plain(Array(text.utf8).span.bytes) }

    /// The hash of a leaf: SHA-256(0x00 ‖ the line without its end).
    package static func leaf(_ line: RawSpan) -> TreeHash {
        var hash = SHA256()
        withUnsafeBytes(of: 0 as UInt8) { hash.update(bufferPointer: $0) }
        line.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return TreeHash(hash.finalize())
    }

    /// The hash of a node: SHA-256(0x01 ‖ left ‖ right).
    package static func node(_ left: TreeHash, _ right: TreeHash) -> TreeHash {
        var hash = SHA256()
        withUnsafeBytes(of: 1 as UInt8) { hash.update(bufferPointer: $0) }
        withUnsafeBytes(of: left) { hash.update(bufferPointer: $0) }
        withUnsafeBytes(of: right) { hash.update(bufferPointer: $0) }
        return TreeHash(hash.finalize())
    }

    /// The root of a tree without leaves: SHA-256 of nothing.
    package static var empty: TreeHash { TreeHash(SHA256().finalize()) }
}

extension [UInt8] {
    /// Appends lower-case hex digits, two a byte.
    mutating func append(hexadecimal bytes: some Sequence<UInt8>) {
        func digit(_ value: UInt8) -> UInt8 { value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10) }
        for byte in bytes {
            append(digit(byte >> 4))
            append(digit(byte & 15))
        }
    }
}

/// Lower-case hex digits, two a byte.
func hexadecimalText(of bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    text.append(hexadecimal: bytes)
    return String(decoding: text, as: UTF8.self)
}
