import CZlib

/// Inflates one gzip member; zlib checks its header, CRC-32 and length.
struct Inflater: ~Copyable {
    private let stream: ZlibStream

    /// Allocates zlib's state.
    ///
    /// - Throws: `outOfMemory`, or `unexpected` if the zlib found at run time does not fit its header.
    init() throws(GzipError) {
        stream = try ZlibStream(
            begin: { stream in
                // 16 more window bits: a gzip wrapper, no other.
                inflateInit2_(stream, MAX_WBITS + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
            },
            end: { inflateEnd($0) })
    }

    /// Inflates `input` until it, or the member, is used up, and appends the result to `output`.
    ///
    /// - Returns: whether the member ended, and how many bytes of `input` belonged to it.
    /// - Throws: `corrupt`, `outOfMemory` or `unexpected`.
    mutating func inflate(
        _ input: RawSpan, into output: inout [UInt8]
    ) throws(GzipError) -> (isEnd: Bool, consumed: Int) {
        var consumed = 0
        while true {
            let rest = input.extracting(droppingFirst: consumed)
            let step = stream.step(rest, room: Self.room(for: rest, in: output), to: &output) {
                CZlib.inflate($0, Z_NO_FLUSH)
            }
            consumed += step.consumed
            switch step.code {
            case Z_STREAM_END: return (true, consumed)
            // Z_BUF_ERROR: nothing to do without more input, no fault of the data.
            case Z_OK where consumed == input.byteCount && !step.isOutputFull,
                Z_BUF_ERROR where consumed == input.byteCount && !step.isOutputFull:
                return (false, consumed)
            case Z_OK: continue
            default: throw stream.error(for: step.code)
            }
        }
    }

    /// All that `output` has spare, or what `input` may well grow to; the array itself grows by doubling.
    private static func room(for input: RawSpan, in output: [UInt8]) -> Int {
        max(output.capacity - output.count, 4 * input.byteCount, 4096)
    }
}
