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
