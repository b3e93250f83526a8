import CZlib

/// Makes raw deflate data of one block after another, each apart from the others.
struct Deflater: ~Copyable {
    /// zlib's default: on audit events 9 costs a quarter more time and saves nothing.
    private static let memoryLevel: Int32 = 8
    /// zlib may repeat the marker that ends a block if less than this is left for it; more than its six bytes.
    private static let markerRoom = 16

    private let stream: ZlibStream

    /// Allocates zlib's state for `level` 1...9, about 256 KiB.
    ///
    /// - Throws: `outOfMemory`, or `unexpected` if the zlib found at run time does not fit its header.
    init(level: Int) throws(GzipError) {
        stream = try ZlibStream(
            begin: { stream in
                // Negative window bits: no wrapper around the deflate data.
                deflateInit2_(
                    stream, Int32(level), Z_DEFLATED, -MAX_WBITS, Self.memoryLevel, Z_DEFAULT_STRATEGY,
                    ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
            },
            end: { deflateEnd($0) })
    }

    /// Deflates `input`, which may refer back to `dictionary`, up to a byte boundary; `isLast` ends the deflate data.
    ///
    /// - Throws: `outOfMemory` or `unexpected`.
    mutating func deflate(_ input: RawSpan, dictionary: RawSpan, isLast: Bool) throws(GzipError) -> [UInt8] {
        try stream.call { deflateReset($0) }
        if !dictionary.isEmpty {
            try stream.setDictionary(dictionary)
        }
        var room = Self.markerRoom
        try stream.call { stream in
            room += Int(deflateBound(stream, UInt(input.byteCount)))
            return Z_OK
        }
        return try run(input, flush: isLast ? Z_FINISH : Z_SYNC_FLUSH, room: room)
    }

    private func run(_ input: RawSpan, flush: Int32, room: Int) throws(GzipError) -> [UInt8] {
        var output: [UInt8] = []
        var rest = input
        while true {
            let step = stream.step(rest, room: room, to: &output) { CZlib.deflate($0, flush) }
            rest = rest.extracting(droppingFirst: step.consumed)
            switch step.code {
            case Z_STREAM_END: return output
            case Z_OK where flush != Z_FINISH && rest.isEmpty && !step.isOutputFull: return output
            case Z_OK where step.consumed + step.produced > 0: continue
            default: throw stream.error(for: step.code)
            }
        }
    }
}
