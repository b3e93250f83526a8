import ArchiveTestSupport
import CivilTime
import SystemPackage
import Testing
import TestSupport
@testable import AuditArchive

/// The parts of the index: words, segments, head, filter.
@Suite struct IndexFileTests {
    private let disk = MemoryFileSystem()
    private let store: IndexStore

    init() throws {
        let layout = ArchiveLayout(root: "/a")
        try disk.createDirectory("/a")
        try disk.createDirectory(layout.privateDirectory)
        store = IndexStore(ArchiveDirectory(layout, disk))
    }

    @Test(arguments: ["0001-01-01", "1969-12-31", "1970-01-01", "2025-02-23", "9999-12-31"])
    func wordKeepsDateAndFingerprint(text: String) throws {
        let date = try #require(CalendarDay(text))
        let key = IndexKey(first: 3, second: 5)
        let fingerprint = IndexWord.fingerprint(of: IndexModel.key(7), key)
        let word = fingerprint | IndexWord.bits(of: date)
        #expect(IndexWord.date(of: word) == date)
        #expect(IndexWord.matches(word, fingerprint))
        #expect(!IndexWord.matches(word, fingerprint &+ 1 << 22))
    }

    /// The search and the sort count on it.
    @Test func fingerprintsOfIdsThatAreCountedUpAreSpreadEvenly() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<5 {
            let key = IndexKey(first: random.next(), second: random.next())
            var buckets = [Int](repeating: 0, count: 64)
            for number in 0..<6400 { buckets[Int(IndexWord.fingerprint(of: IndexModel.key(number), key) >> 58)] += 1 }
            // Five standard deviations.
            #expect(buckets.allSatisfy { (50...150).contains($0) }, "\(key): \(buckets)")
        }
    }

    @Test(arguments: [0, 1, 2, 64, 65, 1000, 70_000])
    func sortsAsTheStandardLibraryDoes(count: Int) {
        var random = SeededRandom(seed: UInt64(count))
        for spread: UInt64 in [0, 60] {
            var words = (0..<count).map { _ in UInt64.random(in: .min ... .max, using: &random) >> spread }
            let expected = words.sorted()
            IndexWord.sort(&words)
            #expect(words == expected)
        }
    }

    @Test(arguments: [1, 2, 510, 511, 512, 1022, 1023, 9000])
    func segmentFindsWhatItHolds(count: Int) throws {
        var random = SeededRandom(seed: UInt64(count))
        // Evenly spread, all in one place, and all the same fingerprint but for the dates.
        for shift: UInt64 in [0, 30, 44] {
            let words = Set((0..<count).map { _ in UInt64.random(in: .min ... .max, using: &random) >> shift }).sorted()
            let segment = try store.write(words)
            #expect(segment.count == words.count)
            #expect(try disk.status(of: store.path(of: segment))?.size == segment.size)
            let asked = words.map { IndexWord.fingerprint(of: $0) } + [0, UInt64.max << 22]
            let search = IndexSearch(Array(Set(asked)))
            var found: [UInt64] = []
            var cache = IndexBlockCache()
            try search.run(in: segment, store, &cache) { index, word in
                #expect(IndexWord.matches(word, search.fingerprints[index]))
                found.append(word)
            }
            #expect(found.sorted() == words)
            var inMemory: [UInt64] = []
            search.run(in: words) { inMemory.append($1) }
            #expect(inMemory.sorted() == words)
        }
        #expect(disk.openFiles == 0)
    }

    @Test func searchOfFewReadsFewBlocks() throws {
        var random = SeededRandom(seed: 4)
        let words = (0..<300_000).map { _ in UInt64.random(in: .min ... .max, using: &random) }.sorted()
        let segment = try store.write(words)
        let counter = FaultyFileSystem(disk, .none, .stops)
        var cache = IndexBlockCache()
        let search = IndexSearch((0..<50).map { _ in IndexWord.fingerprint(of: random.next()) })
        try search.run(in: segment, IndexStore(ArchiveDirectory(ArchiveLayout(root: "/a"), counter)), &cache) { _, _ in
        }
        // Of 588 blocks.
        #expect(counter.calls < 50 * 3)
    }

    @Test func mergeKeepsEachWordOnce() throws {
        var random = SeededRandom(seed: 2)
        let runs = (0..<5).map { _ in
            (0..<3000).map { _ in UInt64.random(in: 0..<20_000, using: &random) << 40 }.sorted()
        }
        let merged = try store.merge(try runs.map { try store.write($0) })
        var words: [UInt64] = []
        try store.forEachWord(of: [merged]) { words.append($0) }
        #expect(words == Set(runs.joined()).sorted())
        #expect(disk.openFiles == 0)
    }

    /// Each bit of a small segment and of a head.
    @Test func noBitMayBeTurnedOver() throws {
        var head = IndexHead(key: IndexKey(first: 1, second: 2))
        head.segments = [IndexSegment(number: 77, count: 3)]
        head.loose = [1 << 30, 2 << 30]
        let text = head.encoded().withUnsafeBytes { Array($0) }
        #expect(IndexHead(decoding: text.span.bytes) == head)
        for bit in 0..<text.count * 8 {
            var other = text
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(IndexHead(decoding: other.span.bytes) == nil, "bit \(bit) of the head")
        }
        for length in 0..<text.count {
            #expect(
                IndexHead(decoding: text.span.bytes.extracting(first: length)) == nil, "\(length) bytes of the head")
        }
        let segment = try store.write([5 << 30, 6 << 30, 7 << 30])
        let path = store.path(of: segment)
        let bytes = try #require(try disk.contents(of: path))
        for bit in 0..<bytes.count * 8 {
            var other = bytes
            other[bit / 8] ^= 1 << UInt8(bit % 8)
            try disk.remove(path)
            try disk.createDurably(path, other)
            var cache = IndexBlockCache()
            #expect(throws: FileSystemError.self, "bit \(bit) of the segment") {
                try IndexSearch([1 << 30]).run(in: segment, store, &cache) { _, _ in }
            }
        }
    }

    /// A block that is sound, but of another file or another place in it.
    @Test func blockOfAnotherPlaceIsRefused() throws {
        let words = (0..<1022).map { UInt64($0) << 40 }
        let (one, other) = (try store.write(words), try store.write(words))
        let bytes = try #require(try disk.contents(of: store.path(of: one)))
        let swapped = Array(bytes.suffix(4096) + bytes.prefix(4096))
        for (segment, content) in [(other, bytes), (one, swapped)] {
            try disk.remove(store.path(of: segment))
            try disk.createDurably(store.path(of: segment), content)
            var cache = IndexBlockCache()
            #expect(throws: FileSystemError.self) {
                try IndexSearch([0]).run(in: segment, store, &cache) { _, _ in }
            }
        }
    }

    @Test func cacheForgetsTheOldest() throws {
        var random = SeededRandom(seed: 3)
        // More blocks than it keeps.
        let words = (0..<1500 * 511).map { UInt64($0) << 40 }
        let segment = try store.write(words)
        var cache = IndexBlockCache()
        for _ in 0..<3 {
            let asked = (0..<2000).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }
            var found: Set<UInt64> = []
            try IndexSearch(asked).run(in: segment, store, &cache) { found.insert($1) }
            #expect(found == Set(asked))
        }
    }

    @Test func filterHasWhatItWasGivenAndLittleElse() {
        var random = SeededRandom(seed: 6)
        let words = (0..<10_000).map { _ in random.next() }
        var filter = IndexFilter(room: words.count)
        for word in words { filter.insert(word) }
        #expect(filter.room == 0)
        #expect(words.allSatisfy { filter.mayHold(IndexWord.fingerprint(of: $0)) })
        let wrong = (0..<10_000).count { _ in filter.mayHold(IndexWord.fingerprint(of: random.next())) }
        #expect(wrong < 600)
    }
}
