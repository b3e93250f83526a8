import CZlib

/// Inflates and verifies a gzip file that holds one member and nothing else.
///
/// Hand over the file piece by piece with `inflate`, then call `finish()`: only then is the content known to be whole.
package struct GzipReader: ~Copyable {
    private enum State {
        case reading
        case ended
        case failed(GzipError)
    }

    private static let signature: [UInt8] = [0x1F, 0x8B]

    private var inflater: Inflater
    private var state = State.reading
    private var consumed = 0

    /// A reader at the start of a member.
    ///
    /// - Throws: `outOfMemory`, or `unexpected` if the zlib found at run time does not fit its header.
    package init() throws(GzipError) {
        inflater = try Inflater()
    }

    /// Inflates the next bytes of the file and appends the result to `output`.
    ///
    /// A byte of input yields at most about a thousand of output, so the size of the pieces bounds the memory.
    /// When it throws, `output` may have grown by bytes that must not be trusted.
    ///
    /// - Throws: `notGzip`; `corrupt` for bad data, a CRC-32 or a length that does not match; `trailingBytes` for
    ///   anything after the member; `outOfMemory` or `unexpected`. Once it has thrown, every call throws the same.
    package mutating func inflate(_ input: RawSpan, into output: inout [UInt8]) throws(GzipError) {
        do throws(GzipError) {
            try advance(input, into: &output)
        } catch {
            state = .failed(error)
            throw error
        }
    }

    /// Makes sure that the member was read to its end.
    ///
    /// - Throws: `truncated`, or the error that `inflate` threw.
    package mutating func finish() throws(GzipError) {
        switch state {
        case .reading: throw .truncated
        case .ended: return
        case .failed(let error): throw error
        }
    }

    private mutating func advance(_ input: RawSpan, into output: inout [UInt8]) throws(GzipError) {
        switch state {
        case .failed(let error): throw error
        case .ended: if !input.isEmpty { throw .trailingBytes }
        case .reading:
            try checkSignature(input)
            let piece = try inflater.inflate(input, into: &output)
            consumed += piece.consumed
            guard piece.isEnd else { return }
            state = .ended
            if piece.consumed < input.byteCount { throw .trailingBytes }
        }
    }

    /// zlib reports a wrong signature as it does other faults, and only once it has both bytes.
    private func checkSignature(_ input: RawSpan) throws(GzipError) {
        for (expected, index) in zip(Self.signature.dropFirst(consumed), 0..<input.byteCount)
        where input.unsafeLoad(fromByteOffset: index, as: UInt8.self) != expected {
            throw .notGzip
        }
    }
}

/// Inflates one gzip member; zlib checks its header and the deflated data, `GzipTrailer` what follows.
struct Inflater: ~Copyable {
    private let stream: ZlibStream
    private var isHeaderRead = false
    private var trailer = GzipTrailer()

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
            let start = output.count
            let step = stream.step(rest, room: Self.room(for: rest, in: output), to: &output) { [isHeaderRead] in
                // Z_BLOCK makes zlib stop where the header ends.
                CZlib.inflate($0, isHeaderRead ? Z_NO_FLUSH : Z_BLOCK)
            }
            consumed += step.consumed
            trailer.record(
                consumed: rest.extracting(first: step.consumed),
                output: output.span.bytes.extracting(droppingFirst: start))
            if !isHeaderRead && step.isBetweenBlocks { try leaveChecksum() }
            switch step.code {
            case Z_STREAM_END:
                try trailer.check()
                return (true, consumed)
            // Z_BUF_ERROR: nothing to do without more input, no fault of the data.
            case Z_OK where consumed == input.byteCount && !step.isOutputFull,
                Z_BUF_ERROR where consumed == input.byteCount && !step.isOutputFull:
                return (false, consumed)
            case Z_OK: continue
            default: throw stream.error(for: step.code)
            }
        }
    }

    /// After the header, whose own checksum is zlib's to check, tells zlib to check no more: its tables take several times as
    /// long as `CRC32`.
    private mutating func leaveChecksum() throws(GzipError) {
        isHeaderRead = true
        try stream.call { inflateValidate($0, 0) }
    }

    /// All that `output` has spare, or what `input` may well grow to; the array itself grows by doubling.
    private static func room(for input: RawSpan, in output: [UInt8]) -> Int {
        max(output.capacity - output.count, 4 * input.byteCount, 4096)
    }
}

/// The last eight bytes of a gzip member, and what they have to say (RFC 1952, section 2.3.1): the CRC-32 of the content and
/// its length modulo 2^32.
struct GzipTrailer {
    /// The last eight bytes that were read, the first of them lowest.
    private var lastBytes: UInt64 = 0
    private var checksum = CRC32.ofNothing
    private var size: UInt32 = 0

    /// Takes bytes of the member, and the content that came of them.
    mutating func record(consumed: RawSpan, output: RawSpan) {
        for index in max(0, consumed.byteCount - 8)..<consumed.byteCount {
            lastBytes = lastBytes >> 8 | UInt64(consumed.unsafeLoad(fromByteOffset: index, as: UInt8.self)) << 56
        }
        checksum = CRC32.of(output, after: checksum)
        size &+= UInt32(truncatingIfNeeded: output.byteCount)
    }

    /// Compares, once the member was read to its end.
    ///
    /// - Throws: `corrupt`, in zlib's words.
    func check() throws(GzipError) {
        guard checksum == UInt32(truncatingIfNeeded: lastBytes) else { throw .corrupt("incorrect data check") }
        guard size == UInt32(truncatingIfNeeded: lastBytes >> 32) else { throw .corrupt("incorrect length check") }
    }
}
