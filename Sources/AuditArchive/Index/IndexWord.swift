import AuditRecords
import CivilTime

/// An entry of the index: 42 bits of an id's fingerprint above 22 bits of the date, so that words sort by fingerprint.
enum IndexWord {
    /// All dates that can be written, from 0001-01-01 on, are fewer than 2^22.
    private static let dateBits: UInt64 = 22
    private static let dateMask: UInt64 = (1 << dateBits) - 1

    /// Twenty times what is to be expected.
    private static let mostInBucket = 200

    /// The smallest word with this id's fingerprint.
    @inline(__always)
    static func fingerprint(of key: EventKey, _ indexKey: IndexKey) -> UInt64 {
        indexKey.hash(key.words.high, key.words.low) & ~dateMask
    }

    /// The smallest word with the fingerprint of this one.
    @inline(__always)
    static func fingerprint(of word: UInt64) -> UInt64 { word & ~dateMask }

    /// The date as the low bits of a word.
    static func bits(of date: CalendarDay) -> UInt64 {
        UInt64(clamping: CalendarDay.first.days(until: date)) & dateMask
    }

    /// The date of a word.
    static func date(of word: UInt64) -> CalendarDay {
        CalendarDay.first.advanced(by: Int(word & dateMask))
    }

    /// Whether a word has this fingerprint.
    @inline(__always)
    static func matches(_ word: UInt64, _ fingerprint: UInt64) -> Bool { word & ~dateMask == fingerprint }

    /// Sorts words. Fingerprints are spread evenly, so that buckets by their highest bits leave next to nothing to do.
    static func sort(_ words: inout [UInt64]) {
        guard words.count > 64 else {
            words.sort()
            return
        }
        let bits = min(16, UInt64.bitWidth - words.count.leadingZeroBitCount - 3)
        let shift = UInt64(64 - bits)
        var starts = [Int](repeating: 0, count: (1 << bits) + 1)
        for word in words { starts[Int(word >> shift) + 1] += 1 }
        guard starts.allSatisfy({ $0 <= Self.mostInBucket }) else {
            words.sort()
            return
        }
        for bucket in 1..<starts.count { starts[bucket] += starts[bucket - 1] }
        var sorted = [UInt64](repeating: 0, count: words.count)
        for word in words {
            let bucket = Int(word >> shift)
            sorted[starts[bucket]] = word
            starts[bucket] += 1
        }
        insertionSort(&sorted)
        words = sorted
    }

    private static func insertionSort(_ words: inout [UInt64]) {
        for index in 1..<words.count {
            let word = words[index]
            var place = index
            while place > 0, words[place - 1] > word {
                words[place] = words[place - 1]
                place -= 1
            }
            words[place] = word
        }
    }
}

extension Span<UInt64> {
    /// The first of sorted words that is not below `word`; ``count`` if all are.
    func lowerBound(of word: UInt64) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < word { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
