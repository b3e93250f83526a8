package import Crypto
import JSONText

/// A SHA-256 hash: of a leaf or a node of a tree (RFC 6962, 2.1), or of some bytes.
package struct TreeHash: Hashable, Sendable {
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

    /// 64 lower-case hex digits.
    package var hexadecimal: String { hexadecimalText(of: bytes) }
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

/// Lower-case hex digits, two a byte.
func hexadecimalText(of bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
