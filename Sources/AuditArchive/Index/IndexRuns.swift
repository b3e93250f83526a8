import AuditRecords
import CivilTime

/// Words on their way into the index. Where there are many they go to segments at once, so that memory stays bounded.
struct IndexRuns: Sendable {
    /// The last words, unsorted.
    private(set) var words: [UInt64] = []
    /// Segments that no head names yet.
    private(set) var segments: [IndexSegment] = []
    /// Sorted words that could not be written.
    private(set) var unwritten: [[UInt64]] = []

    private let length: Int

    /// How many words there are.
    var count: Int {
        segments.reduce(words.count) { $0 + $1.count } + unwritten.reduce(0) { $0 + $1.count }
    }

    /// Runs of at most `length` words.
    init(length: Int) {
        self.length = length
    }

    /// Adds the words of some events of a date. Without a store everything stays in memory.
    mutating func append(
        _ events: some Sequence<EventKey>, of date: CalendarDay, _ key: IndexKey, _ store: IndexStore?
    ) {
        let date = IndexWord.bits(of: date)
        for event in events {
            words.append(IndexWord.fingerprint(of: event, key) | date)
            if words.count >= length { endRun(store) }
        }
    }

    private mutating func endRun(_ store: IndexStore?) {
        IndexWord.sort(&words)
        if let segment = try? store?.write(words) {
            segments.append(segment)
        } else {
            unwritten.append(words)
        }
        words.removeAll(keepingCapacity: true)
    }
}
