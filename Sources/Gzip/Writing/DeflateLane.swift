/// Deflates one block at a time, so that as many blocks are in work at once as there are lanes.
///
/// An actor because it owns zlib's state, a quarter of a megabyte that is set up once and reused for every block.
actor DeflateLane {
    private let level: Int
    private var deflater: Deflater?

    /// A lane that compresses at `level` (1...9). zlib's state is made with the first block.
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
