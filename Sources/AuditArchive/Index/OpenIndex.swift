import AuditRecords
import CivilTime

/// An index that is open: a word for each event of the files that its head speaks of.
struct OpenIndex: Sendable {
    private(set) var head: IndexHead
    private let store: IndexStore
    /// Whether new words go to the disk, and not only to memory.
    let isKept: Bool
    private let limits: IndexLimits

    /// Sorted words that could not be written. While there are any, no head is saved.
    private var unwritten: [[UInt64]] = []
    /// Segments whose words are in others by now.
    private var merged: [IndexSegment] = []
    private var cache = IndexBlockCache()
    /// Has all words, if it is there.
    private var filter: IndexFilter?
    private var asked = 0

    init(_ head: IndexHead, _ store: IndexStore, isKept: Bool, _ limits: IndexLimits) {
        self.head = head
        self.store = store
        self.isKept = isKept
        self.limits = limits
    }

    /// The index's key.
    var key: IndexKey { head.key }

    /// Adds words; with them it speaks of other files.
    mutating func add(_ runs: IndexRuns, _ coverage: IndexCoverage) {
        extendFilter(runs)
        head.segments += runs.segments
        unwritten += runs.unwritten
        head.loose += runs.words
        IndexWord.sort(&head.loose)
        if head.loose.count > limits.loose { writeLoose() }
        let replaced = isKept ? head.mergeSegments(store, limits, withRuns: !runs.segments.isEmpty) : []
        speak(of: coverage)
        merged += replaced
    }

    /// Takes note of what files it speaks of, and saves that.
    mutating func speak(of coverage: IndexCoverage) {
        head.coverage = coverage
        guard isKept, unwritten.isEmpty, (try? store.save(head)) != nil else {
            // The next session reads the newer files, or all of them.
            return
        }
        // Not before there is a newer head: a power cut can bring the one before back.
        store.remove(merged)
        merged = []
    }

    /// The dates that words with these ids' fingerprints have.
    mutating func dates(of keys: [EventKey]) throws(FileSystemError) -> Set<CalendarDay> {
        asked += keys.count
        makeFilter()
        var fingerprints = keys.map { IndexWord.fingerprint(of: $0, key) }
        if let filter { fingerprints.removeAll { !filter.mayHold($0) } }
        var dates: Set<CalendarDay> = []
        try run(IndexSearch(fingerprints)) { _, word in dates.insert(IndexWord.date(of: word)) }
        return dates
    }

    /// Whether there is a word for each of these ids, with a date of which there are files.
    mutating func hasAll(
        _ keys: [EventKey], where hasFiles: (CalendarDay) -> Bool
    ) throws(FileSystemError) -> Bool {
        let search = IndexSearch(keys.map { IndexWord.fingerprint(of: $0, key) })
        var found = [Bool](repeating: false, count: search.fingerprints.count)
        try run(search) { index, word in
            if !found[index], hasFiles(IndexWord.date(of: word)) { found[index] = true }
        }
        return found.allSatisfy(\.self)
    }

    private mutating func run(
        _ search: IndexSearch, _ match: (Int, UInt64) -> Void
    ) throws(FileSystemError) {
        search.run(in: head.loose, match)
        for words in unwritten { search.run(in: words, match) }
        for segment in head.segments { try search.run(in: segment, store, &cache, match) }
    }

    private mutating func writeLoose() {
        if isKept, let segment = try? store.write(head.loose) {
            head.segments.append(segment)
        } else {
            unwritten.append(head.loose)
        }
        head.loose = []
    }

    /// Makes the filter once so much is asked that reading the whole index for it is worth while.
    private mutating func makeFilter() {
        guard filter == nil else { return }
        let words = unwritten.reduce(head.words) { $0 + $1.count }
        // Room for what is to come, so that it is seldom made.
        let room = words + max(1 << 15, words / 2)
        guard words <= asked * 16, room <= IndexFilter.mostWords else { return }
        var filter = IndexFilter(room: room)
        if filter.insert(head.loose, unwritten, head.segments, store) { self.filter = filter }
    }

    private mutating func extendFilter(_ runs: IndexRuns) {
        guard var filter else { return }
        // Not there while it is changed, so that it is not copied.
        self.filter = nil
        guard runs.count <= filter.room else { return }
        if filter.insert(runs.words, runs.unwritten, runs.segments, store) { self.filter = filter }
    }
}

extension IndexFilter {
    /// Adds all of these words. Says `false` where a segment cannot be read.
    fileprivate mutating func insert(
        _ loose: [UInt64], _ runs: [[UInt64]], _ segments: [IndexSegment], _ store: IndexStore
    ) -> Bool {
        for word in loose { insert(word) }
        for words in runs { for word in words { insert(word) } }
        do {
            try store.forEachWord(of: segments) { insert($0) }
            return true
        } catch {
            return false
        }
    }
}

extension IndexHead {
    /// Makes one of several segments that are nearly of a size, and says which ones were replaced. Whole runs are left
    /// alone where none has come: a single sync of a few events would take long to write them.
    fileprivate mutating func mergeSegments(
        _ store: IndexStore, _ limits: IndexLimits, withRuns: Bool
    ) -> [IndexSegment] {
        var sizes = [0..<limits.run / 8, limits.run / 8..<limits.run]
        if withRuns { sizes.append(limits.run..<limits.run * 4) }
        var replaced: [IndexSegment] = []
        for size in sizes {
            let small = segments.filter { size.contains($0.count) }
            guard small.count >= limits.merged, let merged = try? store.merge(small) else { continue }
            segments.removeAll { size.contains($0.count) }
            segments.append(merged)
            replaced += small
        }
        return replaced
    }
}

/// Tells most fingerprints that are not in the index from those that may be, in memory: a backfill asks for every event
/// it fetches, and nearly all are new.
///
/// A Bloom filter of which a fingerprint has all its bits in one word: at least 21 bits a fingerprint and later 12, so
/// that one in two hundred that are not there passes, and later one in forty, or fewer.
struct IndexFilter: Sendable {
    /// More words than these would need too much memory: this takes 27 MB.
    static let mostWords = 1 << 24

    private var bits: [UInt64]
    /// How many more words may be added.
    private(set) var room: Int

    /// An empty filter for so many words.
    init(room: Int) {
        self.room = room
        bits = [UInt64](repeating: 0, count: room / (room < 1 << 21 ? 3 : 5) + 1)
    }

    /// Adds a word.
    mutating func insert(_ word: UInt64) {
        let fingerprint = IndexWord.fingerprint(of: word)
        bits[place(of: fingerprint)] |= Self.mask(of: fingerprint)
        room -= 1
    }

    /// Whether a fingerprint may be there; `false` is certain.
    func mayHold(_ fingerprint: UInt64) -> Bool {
        let mask = Self.mask(of: fingerprint)
        return bits[place(of: fingerprint)] & mask == mask
    }

    private func place(of fingerprint: UInt64) -> Int {
        Int(fingerprint.multipliedFullWidth(by: UInt64(bits.count)).high)
    }

    private static func mask(of fingerprint: UInt64) -> UInt64 {
        // The place is made of the high bits, these are of all.
        let mixed = fingerprint &* 0x9E37_79B9_7F4A_7C15
        return 1 << (mixed >> 58) | 1 << (mixed >> 52 & 63) | 1 << (mixed >> 46 & 63) | 1 << (mixed >> 40 & 63)
    }
}
