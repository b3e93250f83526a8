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
