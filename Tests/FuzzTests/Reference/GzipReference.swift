import CZlib

/// A whole gzip member read in another way than the reader's: header and trailer by hand (RFC 1952), the checksum bit by
/// bit, the deflate data in one call without a wrapper.
enum GzipReference {
    /// Where the parts of a member lie.
    struct Parts {
        /// Where the deflate data starts.
        let start: Int
        /// What it inflates to.
        let content: [UInt8]
        /// How many bytes it takes.
        let length: Int
    }

    /// What `bytes` hold; nil unless they are one member and nothing else.
    static func content(_ bytes: [UInt8]) -> [UInt8]? {
        guard let parts = parts(bytes), bytes.count == parts.start + parts.length + 8,
            Array(bytes.suffix(8)) == trailer(parts.content)
        else { return nil }
        return parts.content
    }

    /// `bytes` with the checksum and the length that their deflate data call for, and nothing after them.
    static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        guard let parts = parts(bytes) else { return bytes }
        return bytes.prefix(parts.start + parts.length) + trailer(parts.content)
    }

    private static func parts(_ bytes: [UInt8]) -> Parts? {
        guard let start = endOfHeader(bytes), let (content, length) = inflated(Array(bytes[start...])) else {
            return nil
        }
        return Parts(start: start, content: content, length: length)
    }

    /// Past the fixed ten bytes and what the flags announce; nil if the header is not valid or not whole.
    private static func endOfHeader(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 10, bytes.starts(with: [0x1F, 0x8B, 8]), bytes[3] & 0xE0 == 0 else { return nil }
        let flags = bytes[3]
        var end = 10
        if flags & 4 != 0 {
            guard bytes.count >= end + 2 else { return nil }
            end += 2 + Int(bytes[end]) + Int(bytes[end + 1]) << 8
        }
        for flag in [8, 16] as [UInt8] where flags & flag != 0 {
            guard end <= bytes.count, let zero = bytes[end...].firstIndex(of: 0) else { return nil }
            end = zero + 1
        }
        guard end <= bytes.count else { return nil }
        guard flags & 2 != 0 else { return end }
        let sum = checksum(Array(bytes[..<end]))
        guard bytes.count >= end + 2, bytes[end] == UInt8(sum & 0xFF), bytes[end + 1] == UInt8(sum >> 8 & 0xFF) else {
            return nil
        }
        return end + 2
    }

    private static func trailer(_ content: [UInt8]) -> [UInt8] {
        let numbers = [checksum(content), UInt32(truncatingIfNeeded: content.count)]
        return numbers.flatMap { number in (0..<4).map { UInt8(number >> (8 * $0) & 0xFF) } }
    }

    /// CRC-32 by its polynomial, a byte's eight steps looked up.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in sum >> 8 ^ steps[Int((sum ^ UInt32(byte)) & 0xFF)] }
    }

    private static let steps: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }

    /// One call over all of `input`, with as much room as most data needs, then with as much as any can.
    private static func inflated(_ input: [UInt8]) -> (content: [UInt8], length: Int)? {
        for room in [8 * input.count, mostOutput(of: input.count)] {
            let (code, content, length) = inflated(input, room: room)
            if code != Z_BUF_ERROR { return code == Z_STREAM_END ? (content, length) : nil }
        }
        return nil
    }

    private static func inflated(_ input: [UInt8], room: Int) -> (code: Int32, content: [UInt8], length: Int) {
        var stream = z_stream()
        // Negative window bits: no wrapper around the deflate data.
        let begun = inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard begun == Z_OK else { return (begun, [], 0) }
        defer { inflateEnd(&stream) }
        var source = input
        var content = [UInt8](repeating: 0, count: room)
        let code = source.withUnsafeMutableBufferPointer { source in
            content.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                return inflate(&stream, Z_FINISH)
            }
        }
        return (code, Array(content.prefix(Int(stream.total_out))), Int(stream.total_in))
    }

    /// Two bits of deflate data stand for 258 bytes at most.
    static func mostOutput(of count: Int) -> Int { 1032 * count + 258 }
}
