import CFoldedCRC
import CZlib

/// The checksum of gzip (RFC 1952, section 8).
enum CRC32 {
    /// The checksum of no bytes.
    static let ofNothing: UInt32 = 0

    private static let canFold = folded_crc_available()

    /// The checksum of `bytes`, which follow those with the checksum `before`.
    static func of(_ bytes: RawSpan, after before: UInt32 = ofNothing) -> UInt32 {
        of(bytes, after: before, folding: canFold)
    }

    /// The checksum of `bytes` after others: by carry-less products if `folding` and the processor has them, or by zlib's
    /// tables, which take several times as long.
    static func of(_ bytes: RawSpan, after before: UInt32 = ofNothing, folding: Bool) -> UInt32 {
        bytes.withUnsafeBytes { buffer in
            let start = buffer.bindMemory(to: UInt8.self).baseAddress
            let isLong = buffer.count >= Int(FOLDED_CRC_LEAST)
            guard folding && canFold && isLong, let start else { return continued(before, start, buffer.count) }
            let count = buffer.count / Int(FOLDED_CRC_STEP) * Int(FOLDED_CRC_STEP)
            return continued(folded_crc32(before, start, count), start + count, buffer.count - count)
        }
    }

    /// The checksum of bytes that follow those with the checksum `before`, by zlib.
    private static func continued(_ before: UInt32, _ start: UnsafePointer<UInt8>?, _ count: Int) -> UInt32 {
        // zlib ignores `before` and returns the initial value if the address is nil, so it is not called for no bytes.
        guard count > 0 else { return before }
        return UInt32(truncatingIfNeeded: crc32_z(UInt(before), start, count))
    }

    /// The checksum of two runs of bytes one after the other, from the checksum of each and the second one's size.
    static func combine(_ first: UInt32, _ second: UInt32, secondSize: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32_combine(UInt(first), UInt(second), secondSize))
    }
}
