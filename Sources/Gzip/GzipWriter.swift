/// Writes one gzip member, its blocks deflated on several cores.
///
/// The input is cut into blocks of 512 KiB. Each is deflated apart from the others, with the 32 KiB before it as
/// dictionary, and ends on a byte boundary; so the bytes depend on the input and the level alone, neither on the
/// parallelism nor on how the input was handed over. The caller appends, takes outputs while `mustDrain`, calls
/// `finish()` and takes the rest while `hasOutput`. Memory: under 3 MiB for each block at once.
package struct GzipWriter: ~Copyable, Sendable {
    private typealias Deflation = Task<Result<DeflatedBlock, GzipError>, Never>

    private let parallelism: Int
    private var workers: [DeflateWorker]
    private var block = InputBlock()
    private var deflations: [Deflation] = []
    private var startedBlocks = 0
    private var takenBlocks = 0
    private var isFinished = false
    private var failure: GzipError?
    private var takenSize = 0
    private var checksum = CRC32.ofNothing

    /// Bytes appended so far.
    package private(set) var uncompressedSize = 0

    /// An empty member.
    ///
    /// - Parameters:
    ///   - level: zlib's compression level, 1 (fast) to 9 (small).
    ///   - parallelism: how many blocks are deflated at once, 1 or more.
    package init(level: Int, parallelism: Int) {
        precondition((1...9).contains(level), "gzip levels are 1 to 9")
        precondition(parallelism >= 1, "at least one block must be deflated at once")
        self.parallelism = parallelism
        workers = (0..<parallelism).map { _ in DeflateWorker(level: level) }
    }

    /// Copies `bytes` to the end of the input; a full block is deflated once a byte follows it. Not after `finish()`.
    package mutating func append(_ bytes: RawSpan) {
        precondition(!isFinished, "the member is finished")
        uncompressedSize += bytes.byteCount
        var rest = bytes
        while !rest.isEmpty {
            if block.room == 0 {
                startDeflation(isLast: false)
            }
            let count = min(block.room, rest.byteCount)
            block.append(rest.extracting(first: count))
            rest = rest.extracting(droppingFirst: count)
        }
    }

    /// More than `parallelism + 1` blocks wait for `nextOutput()`: take one before appending more, or memory grows.
    package var mustDrain: Bool { deflations.count > parallelism + 1 }

    /// Blocks wait for `nextOutput()`. After `finish()`, drain while this is so; the last output ends the member.
    package var hasOutput: Bool { !deflations.isEmpty }

    /// Starts to deflate what is left as the last block, also when there was no input at all.
    ///
    /// - Throws: the error of an earlier `nextOutput()`: a member that lacks a block has no end. Call it once.
    package mutating func finish() throws(GzipError) {
        precondition(!isFinished, "the member is finished")
        if let failure { throw failure }
        isFinished = true
        startDeflation(isLast: true)
    }

    /// The compressed bytes of the oldest block that waits, as soon as they are ready; `hasOutput` must be true.
    ///
    /// The header comes with the first block and the trailer with the last. Cancellation of the caller's task is not
    /// noticed: the deflations are tasks of their own, so the member stays whole.
    ///
    /// - Throws: `outOfMemory` or `unexpected`; from then on every call throws, since a block is lost.
    package mutating func nextOutput() async throws(GzipError) -> [UInt8] {
        if let failure { throw failure }
        precondition(!deflations.isEmpty, "no block waits")
        switch await deflations.removeFirst().value {
        case .success(let block): return frame(block)
        case .failure(let error):
            failure = error
            throw error
        }
    }

    private mutating func startDeflation(isLast: Bool) {
        let full = block
        block = isLast ? InputBlock() : InputBlock(after: full)
        // Blocks take nearly the same time, so taking turns keeps every worker busy.
        let worker = workers[startedBlocks % workers.count]
        startedBlocks += 1
        // Of the caller's priority: each priority has threads of its own, as many as processors, and with two of them twice
        // as many threads as processors would take each other's place and caches.
        deflations.append(Task.detached(priority: Task.currentPriority) { await worker.deflate(full, isLast: isLast) })
    }

    private mutating func frame(_ block: DeflatedBlock) -> [UInt8] {
        checksum = CRC32.combine(checksum, block.checksum, secondSize: block.uncompressedSize)
        takenSize += block.uncompressedSize
        takenBlocks += 1
        var output = takenBlocks == 1 ? GzipMember.header + block.bytes : block.bytes
        if isFinished && takenBlocks == startedBlocks {
            output += GzipMember.trailer(checksum: checksum, uncompressedSize: takenSize)
        }
        return output
    }
}

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
