/// Blocks of segments that were read and checked not long ago, 4 MiB at most.
struct IndexBlockCache: Sendable {
    private struct Place: Hashable {
        var segment: UInt64
        var block: Int
    }

    private static let capacity = 1024
    private static let slotWords = IndexSegment.blockWords

    private var slots: [Place: Int] = [:]
    private var places: [Place] = []
    private var words: [UInt64] = []
    private var oldest = 0
    private var scratch: [UInt64] = []

    /// The words of a block, read unless they are here.
    mutating func words(of block: Int, in file: inout IndexSegmentSource) throws(FileSystemError) -> Range<Int> {
        let segment = file.segment
        let place = Place(segment: segment.number, block: block)
        let count = segment.words(in: block)
        if let slot = slots[place] { return range(of: slot, count) }
        scratch.removeAll(keepingCapacity: true)
        try file.read(block, into: &scratch)
        let slot = makeRoom(for: place)
        let range = range(of: slot, count)
        words.replaceSubrange(range, with: scratch)
        return range
    }

    /// The words that a range names, valid until the next block is asked for.
    @inline(__always)
    func span<Result>(_ range: Range<Int>, _ body: (Span<UInt64>) -> Result) -> Result {
        body(words.span.extracting(range))
    }

    subscript(index: Int) -> UInt64 { words[index] }

    private func range(of slot: Int, _ count: Int) -> Range<Int> {
        slot * Self.slotWords..<slot * Self.slotWords + count
    }

    private mutating func makeRoom(for place: Place) -> Int {
        let slot: Int
        if places.count < Self.capacity {
            slot = places.count
            places.append(place)
            words.append(contentsOf: repeatElement(0, count: Self.slotWords))
        } else {
            slot = oldest
            slots[places[slot]] = nil
            places[slot] = place
            oldest = (oldest + 1) % Self.capacity
        }
        slots[place] = slot
        return slot
    }
}

/// A segment that is opened once a block of it has to be read.
struct IndexSegmentSource {
    let segment: IndexSegment
    private let store: IndexStore
    private var file: IndexSegmentFile?

    init(_ segment: IndexSegment, _ store: IndexStore) {
        self.segment = segment
        self.store = store
    }

    mutating func read(_ block: Int, into words: inout [UInt64]) throws(FileSystemError) {
        if file == nil { file = try IndexSegmentFile(segment, store) }
        try file?.read(block..<block + 1, into: &words)
    }

    func close() { file?.close() }
}
