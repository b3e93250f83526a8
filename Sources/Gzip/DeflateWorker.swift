import CZlib

/// Deflates one block at a time, so that as many blocks are in work at once as there are workers.
///
/// An actor because it owns zlib's state, a quarter of a megabyte that is set up once and reused for every block.
actor DeflateWorker {
    private let level: Int
    private var deflater: Deflater?

    /// A worker that compresses at `level` (1...9). zlib's state is made with the first block.
    init(level: Int) {
        self.level = level
    }

    /// Deflates `block`; `isLast` ends the deflate data, otherwise another block may follow it.
    func deflate(_ block: InputBlock, isLast: Bool) -> Result<DeflatedBlock, GzipError> {
        do throws(GzipError) {
            return .success(try deflated(block, isLast: isLast))
        } catch {
            return .failure(error)
        }
    }

    private func deflated(_ block: InputBlock, isLast: Bool) throws(GzipError) -> DeflatedBlock {
        let primed = block.bytes.span.bytes
        let dictionary = primed.extracting(first: block.dictionaryCount)
        let input = primed.extracting(droppingFirst: block.dictionaryCount)
        var deflater = try takeDeflater()
        let bytes = try deflater.deflate(input, dictionary: dictionary, isLast: isLast)
        self.deflater = consume deflater
        return DeflatedBlock(bytes: bytes, checksum: CRC32.of(input), uncompressedSize: input.byteCount)
    }

    private func takeDeflater() throws(GzipError) -> Deflater {
        if let deflater = deflater.take() {
            return deflater
        }
        return try Deflater(level: level)
    }
}

/// A stretch of the input that is deflated on its own, and the bytes before it that it may refer back to.
struct InputBlock: Sendable {
    /// Bytes of input in every block but the last: small enough to share work evenly, large enough that starting anew
    /// costs less than a thousandth in size and a hundredth in time; with the 128 KiB that pigz uses, four times that.
    static let size = 512 * 1024
    /// The farthest deflate can refer back (RFC 1951): all that is of use from the block before.
    static let dictionarySize = 32 * 1024

    /// The dictionary, then the block's own bytes.
    private(set) var bytes: [UInt8]
    /// How many of `bytes` are the dictionary.
    let dictionaryCount: Int

    /// The first block of a member: empty, with nothing before it. Grows as it fills, for many members are small.
    init() {
        bytes = []
        dictionaryCount = 0
    }

    /// The empty block after `previous`, primed with its last bytes.
    init(after previous: InputBlock) {
        var primed: [UInt8] = []
        primed.reserveCapacity(Self.dictionarySize + Self.size)
        primed.append(contentsOf: previous.bytes.suffix(Self.dictionarySize))
        bytes = primed
        dictionaryCount = primed.count
    }

    /// Bytes of the block itself, without the dictionary.
    var count: Int { bytes.count - dictionaryCount }

    /// Bytes that still fit.
    var room: Int { Self.size - count }

    /// Copies `newBytes`, at most `room` of them, to the end.
    mutating func append(_ newBytes: RawSpan) {
        precondition(newBytes.byteCount <= room, "the block overflows")
        bytes.append(copying: newBytes)
    }
}

/// A block after deflation.
struct DeflatedBlock: Sendable {
    /// Raw deflate data that ends on a byte boundary.
    let bytes: [UInt8]
    /// CRC-32 of the uncompressed bytes.
    let checksum: UInt32
    /// How many uncompressed bytes there were.
    let uncompressedSize: Int
}

/// Makes raw deflate data of one block after another, each apart from the others.
struct Deflater: ~Copyable {
    /// zlib's default: on audit events 9 costs a quarter more time and saves nothing.
    private static let memoryLevel: Int32 = 8
    /// More than the six bytes of the marker that ends a block. With less room zlib may write it twice.
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
