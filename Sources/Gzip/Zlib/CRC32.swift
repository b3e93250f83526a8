import CZlib

/// The checksum of gzip (RFC 1952, section 8).
enum CRC32 {
    /// The checksum of no bytes.
    static let ofNothing: UInt32 = 0

    /// The checksum of `bytes`.
    static func of(_ bytes: RawSpan) -> UInt32 {
        bytes.withUnsafeBytes { bytes in
            UInt32(truncatingIfNeeded: crc32_z(0, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count))
        }
    }

    /// The checksum of two runs of bytes one after the other, from the checksum of each and the second one's size.
    static func combine(_ first: UInt32, _ second: UInt32, secondSize: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32_combine(UInt(first), UInt(second), secondSize))
    }
}
