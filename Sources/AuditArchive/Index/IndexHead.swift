import CivilTime
import JSONText

/// What the index consists of and what it speaks of. It is small, and replaced as a whole by every commit with events;
/// a few new words need no segment of their own but stay in it.
struct IndexHead: Equatable, Sendable {
    /// What fingerprints and sums are made with.
    var key: IndexKey
    /// The data files whose events the index has.
    var coverage: IndexCoverage
    /// The files of words.
    var segments: [IndexSegment] = []
    /// Words in no segment, sorted.
    var loose: [UInt64] = []

    /// How many words there are.
    var words: Int { segments.reduce(loose.count) { $0 + $1.count } }

    private static let magic: UInt64 = 0x3130_7364_6971_6963
    private static let fixedWords = 9

    /// The head of an index of nothing.
    init(key: IndexKey) {
        self.key = key
        coverage = IndexCoverage()
    }

    /// The head as the words of a file.
    func encoded() -> [UInt64] {
        assert(zip(loose, loose.dropFirst()).allSatisfy(<=), "loose words are sorted")
        assert(segments.allSatisfy { $0.count > 0 }, "no segment is empty")
        var words = [
            Self.magic, key.first, key.second, UInt64(coverage.generation), UInt64(coverage.files), coverage.sum.0,
            coverage.sum.1, UInt64(segments.count), UInt64(loose.count)
        ]
        for segment in segments { words += [segment.number, UInt64(segment.count)] }
        words += loose
        words.append(IndexHash.checksum(words.span, seed: Self.magic))
        return words
    }

    /// Reads a head; `nil` if it is not exactly what was written.
    init?(decoding bytes: RawSpan) {
        guard bytes.byteCount % 8 == 0, bytes.byteCount / 8 > Self.fixedWords else { return nil }
        var words = (0..<bytes.byteCount / 8).map { bytes.word(at: $0 * 8) }
        let sum = words.removeLast()
        guard words[0] == Self.magic, sum == IndexHash.checksum(words.span, seed: Self.magic) else { return nil }
        let numbers = words[3...].prefix(6).map { Int(truncatingIfNeeded: $0) }
        let (segmentCount, looseCount) = (numbers[4], numbers[5])
        // Whoever has the checksum right may still lie about the counts.
        guard min(numbers[0], numbers[1]) >= 0, (0...words.count).contains(segmentCount),
            (0...words.count).contains(looseCount),
            words.count == Self.fixedWords + 2 * segmentCount + looseCount
        else { return nil }
        self.init(key: IndexKey(first: words[1], second: words[2]))
        coverage = IndexCoverage(generation: numbers[0], files: numbers[1], sum: (words[5], words[6]))
        for index in 0..<segmentCount {
            let place = Self.fixedWords + 2 * index
            guard let count = Int(exactly: words[place + 1]), (1...Manifest.largestNumber).contains(count) else {
                return nil
            }
            segments.append(IndexSegment(number: words[place], count: count))
        }
        loose = Array(words.suffix(looseCount))
    }
}

/// A set of data files: those of a manifest up to a generation, told from all other sets by their names and checksums.
struct IndexCoverage: Equatable, Sendable {
    /// The newest generation that a file can have.
    var generation = 0
    /// How many files there are.
    var files = 0
    /// A sum of hashes, so that the order is no matter.
    var sum: (UInt64, UInt64) = (0, 0)

    static func == (one: IndexCoverage, other: IndexCoverage) -> Bool {
        one.generation == other.generation && one.files == other.files && one.sum == other.sum
    }
}

extension IndexCoverage {
    /// All of `files`.
    init(_ files: [DataFile], _ key: IndexKey) {
        self.init(files, upTo: .max, key)
    }

    /// Whether these are all of `files` up to the generation.
    func isPart(of files: [DataFile], _ key: IndexKey) -> Bool {
        let found = IndexCoverage(files, upTo: generation, key)
        return found.files == self.files && found.sum == sum
    }

    private init(_ files: [DataFile], upTo limit: Int, _ key: IndexKey) {
        self.init()
        // By index: an entry taken out is a copy of its texts.
        for index in files.indices where files[index].name.generation <= limit {
            generation = max(generation, files[index].name.generation)
            add(files[index].name, files[index].sha256, key)
        }
    }

    private mutating func add(_ name: DataFileName, _ sha256: TreeHash, _ key: IndexKey) {
        var state = key.hash(UInt64(truncatingIfNeeded: name.generation), UInt64(truncatingIfNeeded: name.part))
        state = key.hash(state, UInt64(truncatingIfNeeded: name.date.number))
        for word in sha256.words { state = key.hash(state, word) }
        files += 1
        sum.0 &+= state
        sum.1 &+= key.hash(~state, state)
    }
}
