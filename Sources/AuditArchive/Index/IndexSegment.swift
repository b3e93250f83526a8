import JSONText
import SystemPackage

/// A file of sorted words that never changes: blocks of 511 words and a checksum, the last one shorter if need be.
///
/// Its number is random and part of each checksum, so that no block of another file is taken for one of this.
struct IndexSegment: Equatable, Sendable {
    /// Names the file.
    var number: UInt64
    /// Its words, at least one.
    var count: Int

    /// Words in a block; with the checksum it has 4 KiB.
    static let blockWords = 511
    /// Bytes of a word.
    static let wordSize = 8
    /// Bytes of a whole block.
    static let blockSize = (blockWords + 1) * wordSize

    /// How many blocks there are.
    var blocks: Int { (count + Self.blockWords - 1) / Self.blockWords }

    /// Bytes of all blocks.
    var size: Int { (count + blocks) * Self.wordSize }

    /// The words of one block.
    func words(in block: Int) -> Int { min(Self.blockWords, count - block * Self.blockWords) }

    /// The file's name in the index's folder.
    var fileName: String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits + ".ids"
    }

    /// Whether a name is one that a segment can have.
    static func isFileName(_ name: String) -> Bool {
        name.utf8.count == 20 && name.hasSuffix(".ids")
            && name.utf8.prefix(16).allSatisfy {
                (48...57).contains($0) || (97...102).contains($0)
            }
    }

    /// The checksum of a block.
    static func checksum(_ words: Span<UInt64>, of block: Int, in number: UInt64) -> UInt64 {
        IndexHash.checksum(words, seed: IndexHash.fold(number | 1, UInt64(block) &+ 0x9E37_79B9_7F4A_7C15) ^ number)
    }

    /// Appends the words of a block that was read. Says `false` where its checksum is another or a part is missing.
    func decode(_ bytes: RawSpan, block: Int, into words: inout [UInt64]) -> Bool {
        let count = self.words(in: block)
        guard bytes.byteCount >= (count + 1) * Self.wordSize else { return false }
        let start = words.count
        words.append(contentsOf: repeatElement(0, count: count))
        var target = words.mutableSpan
        for index in 0..<count { target[start + index] = bytes.word(at: index * Self.wordSize) }
        let sum = Self.checksum(words.span.extracting(start...), of: block, in: number)
        return sum == bytes.word(at: count * Self.wordSize)
    }
}

/// Writes sorted words as a segment.
struct IndexSegmentWriter: ~Copyable {
    private static let blocksAtOnce = 16

    private let file: any OpenFile
    private let path: FilePath
    private let number: UInt64
    private var output: [UInt64] = []
    private var blockStart = 0
    private var blocks = 0
    private var count = 0
    private var last: UInt64 = 0

    /// Writes to a file that was just made.
    init(_ file: any OpenFile, at path: FilePath, number: UInt64) {
        self.file = file
        self.path = path
        self.number = number
        output.reserveCapacity(Self.blocksAtOnce * (IndexSegment.blockWords + 1))
    }

    /// Adds a word that is not below the ones before.
    mutating func append(_ word: UInt64) throws(FileSystemError) {
        assert(last <= word, "the words of a segment are sorted")
        last = word
        output.append(word)
        count += 1
        if output.count - blockStart == IndexSegment.blockWords { try endBlock() }
    }

    /// Writes what is left, makes it durable and says what it is now. The file is the caller's to close.
    mutating func finish() throws(FileSystemError) -> IndexSegment {
        if output.count > blockStart { try endBlock() }
        try flush()
        try file.synchronize()
        return IndexSegment(number: number, count: count)
    }

    private mutating func endBlock() throws(FileSystemError) {
        output.append(IndexSegment.checksum(output.span.extracting(blockStart...), of: blocks, in: number))
        blocks += 1
        blockStart = output.count
        if blocks % Self.blocksAtOnce == 0 { try flush() }
    }

    private mutating func flush() throws(FileSystemError) {
        try file.writeAll(output.span.bytes, at: path)
        output.removeAll(keepingCapacity: true)
        blockStart = 0
    }
}
