import SystemPackage

/// A segment that is open, read by blocks.
struct IndexSegmentFile {
    /// Blocks to read at once where all are read.
    static let blocksAtOnce = 16

    let segment: IndexSegment
    private let path: FilePath
    private let file: any OpenFile
    private var bytes: [UInt8] = []

    init(_ segment: IndexSegment, _ store: IndexStore) throws(FileSystemError) {
        self.segment = segment
        path = store.path(of: segment)
        file = try store.fileSystem.openForReading(path)
    }

    /// Appends the words of some blocks.
    ///
    /// - Throws: also where the file is not what was written: cut short, or with a bit turned over.
    mutating func read(_ blocks: Range<Int>, into words: inout [UInt64]) throws(FileSystemError) {
        let start = blocks.lowerBound * IndexSegment.blockSize
        let end = min(blocks.upperBound * IndexSegment.blockSize, segment.size)
        bytes.removeAll(keepingCapacity: true)
        while bytes.count < end - start {
            let count = try file.read(upTo: end - start - bytes.count, at: start + bytes.count, into: &bytes)
            guard count > 0 else { throw damaged }
        }
        for block in blocks {
            let offset = (block - blocks.lowerBound) * IndexSegment.blockSize
            guard segment.decode(bytes.span.bytes.extracting(offset...), block: block, into: &words) else {
                throw damaged
            }
        }
    }

    func close() { try? file.close() }

    private var damaged: FileSystemError { FileSystemError(.read, path, .ioError) }
}

/// The words of several segments in their order, with a few blocks of each in memory.
struct IndexMerge {
    private struct Source {
        var file: IndexSegmentFile
        var words: [UInt64] = []
        var next = 0
        var block = 0

        /// Reads on, once all words were taken.
        mutating func fill() throws(FileSystemError) {
            let blocks = block..<min(file.segment.blocks, block + IndexSegmentFile.blocksAtOnce)
            words.removeAll(keepingCapacity: true)
            next = 0
            block = blocks.upperBound
            if !blocks.isEmpty { try file.read(blocks, into: &words) }
        }
    }

    private var sources: [Source] = []
    private var last: UInt64?

    /// Adds a segment before the first word is taken.
    mutating func add(_ segment: IndexSegment, _ store: IndexStore) throws(FileSystemError) {
        sources.append(Source(file: try IndexSegmentFile(segment, store)))
        try sources[sources.count - 1].fill()
    }

    /// The next word, each one once.
    mutating func next() throws(FileSystemError) -> UInt64? {
        while let word = try take() {
            guard word != last else { continue }
            last = word
            return word
        }
        return nil
    }

    /// Closes the files.
    func close() {
        for source in sources { source.file.close() }
    }

    private mutating func take() throws(FileSystemError) -> UInt64? {
        var (least, place) = (UInt64.max, -1)
        for index in sources.indices where sources[index].next < sources[index].words.count {
            let word = sources[index].words[sources[index].next]
            if word < least || place < 0 { (least, place) = (word, index) }
        }
        guard place >= 0 else { return nil }
        sources[place].next += 1
        if sources[place].next == sources[place].words.count { try sources[place].fill() }
        return least
    }
}
