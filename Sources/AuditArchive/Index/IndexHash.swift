/// Hashes that are kept on the disk, so that they are the same in every process.
///
/// They fold words through a product of 128 bits, as ``KeyedHash`` does. No cryptography: chance is what they are to
/// withstand, and of a sender only the choice of ids that collide, which the random ``IndexKey`` prevents.
enum IndexHash {
    private static let salts: (UInt64, UInt64, UInt64) = (
        0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB, 0x8EBC_6AF0_9C88_C6E3
    )

    /// The high half of the product of two words, mixed with the low one.
    @inline(__always)
    static func fold(_ one: UInt64, _ other: UInt64) -> UInt64 {
        let product = one.multipliedFullWidth(by: other)
        return product.high ^ product.low
    }

    /// The checksum of some words and their number; another one for each `seed`.
    static func checksum(_ words: Span<UInt64>, seed: UInt64) -> UInt64 {
        let salts = salts
        var (state, other) = (seed ^ salts.0, salts.1)
        var index = 0
        // Two chains of products, each waiting for itself alone.
        while words.count - index >= 4 {
            state = fold(words[index] ^ salts.0, words[index + 1] ^ state)
            other = fold(words[index + 2] ^ salts.2, words[index + 3] ^ other)
            index += 4
        }
        while index < words.count {
            state = fold(words[index] ^ salts.2, state ^ salts.1)
            index += 1
        }
        return fold(state ^ other ^ salts.2, UInt64(words.count) ^ salts.1)
    }
}

/// The random key of an index. Ids may be sequential; by the key their fingerprints are spread evenly, and no sender can
/// choose ids that share one.
struct IndexKey: Equatable, Sendable {
    var first: UInt64
    var second: UInt64

    /// A key that nobody had before.
    static func random() -> IndexKey {
        IndexKey(first: .random(in: .min ... .max), second: .random(in: .min ... .max))
    }

    /// 64 bits in the place of 128.
    @inline(__always)
    func hash(_ one: UInt64, _ other: UInt64) -> UInt64 {
        // Twice, for one product leaves a pattern in ids that are counted up.
        let folded = IndexHash.fold(one ^ first, other ^ second)
        return IndexHash.fold(folded ^ second, first | 1)
    }
}
