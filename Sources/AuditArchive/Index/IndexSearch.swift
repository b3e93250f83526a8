/// Looks sorted fingerprints up in sorted words.
struct IndexSearch {
    /// Sorted.
    let fingerprints: [UInt64]

    /// A search for these, in any order.
    init(_ fingerprints: [UInt64]) {
        var sorted = fingerprints
        IndexWord.sort(&sorted)
        self.fingerprints = sorted
    }

    /// Hands over each word that has one of the fingerprints, with the fingerprint's place.
    func run(in words: [UInt64], _ match: (Int, UInt64) -> Void) {
        guard !words.isEmpty else { return }
        for index in fingerprints.indices {
            var place = words.span.lowerBound(of: fingerprints[index])
            while place < words.count, IndexWord.matches(words[place], fingerprints[index]) {
                match(index, words[place])
                place += 1
            }
        }
    }

    /// The same in a segment.
    func run(
        in segment: IndexSegment, _ store: IndexStore, _ cache: inout IndexBlockCache, _ match: (Int, UInt64) -> Void
    ) throws(FileSystemError) {
        var source = IndexSegmentSource(segment, store)
        defer { source.close() }
        // Blocks before this one hold only smaller words.
        var first = 0
        for index in fingerprints.indices {
            let fingerprint = fingerprints[index]
            var block = try self.block(holding: fingerprint, from: first, &source, &cache)
            first = block
            var range = try cache.words(of: block, in: &source)
            var place = range.lowerBound + cache.span(range) { $0.lowerBound(of: fingerprint) }
            while true {
                if place == range.upperBound {
                    guard block + 1 < segment.blocks else { break }
                    block += 1
                    range = try cache.words(of: block, in: &source)
                    place = range.lowerBound
                }
                guard IndexWord.matches(cache[place], fingerprint) else { break }
                match(index, cache[place])
                place += 1
            }
        }
    }

    /// The first block whose last word is not below `word`, or the last one of all. Words are spread evenly, so that
    /// their place tells itself, nearly; after a few wrong guesses it is halves, which end whatever the words are.
    private func block(
        holding word: UInt64, from first: Int, _ source: inout IndexSegmentSource, _ cache: inout IndexBlockCache
    ) throws(FileSystemError) -> Int {
        let segment = source.segment
        var (low, high) = (first, segment.blocks - 1)
        var guess = segment.block(near: word)
        var tries = 0
        while low < high {
            let block = tries < 6 ? min(max(guess, low), high - 1) : (low + high) / 2
            let range = try cache.words(of: block, in: &source)
            let (least, greatest) = (cache[range.lowerBound], cache[range.upperBound - 1])
            if greatest < word {
                low = block + 1
                guess = low + segment.block(near: word - greatest)
            } else {
                high = block
                // Within the block nothing before it can be meant.
                if least < word { low = block } else { guess = block - 1 - segment.block(near: least - word) }
            }
            tries += 1
        }
        return low
    }
}

extension IndexSegment {
    /// How many blocks evenly spread words need to reach this far.
    fileprivate func block(near distance: UInt64) -> Int {
        Int(distance.multipliedFullWidth(by: UInt64(count)).high) / Self.blockWords
    }
}
