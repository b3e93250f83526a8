/// The parts of a gzip member that frame the deflated data (RFC 1952, section 2.3).
enum GzipMember {
    /// Deflate, no flags, modification time 0, no extra flags, unknown operating system:
    /// nothing in it tells when, where or at which level the file was written.
    static let header: [UInt8] = [0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xFF]

    /// CRC-32 and length (modulo 2^32) of the uncompressed bytes, both little-endian.
    static func trailer(checksum: UInt32, uncompressedSize: Int) -> [UInt8] {
        littleEndian(checksum) + littleEndian(UInt32(truncatingIfNeeded: uncompressedSize))
    }

    private static func littleEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
