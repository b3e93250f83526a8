import TestSupport

/// Damages documents: the same seed damages the same way.
package struct Mutator {
    private var random: SeededRandom

    package init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    /// Snippets that hit the edges of the grammar.
    private static let snippets: [[UInt8]] =
        [
            "\"", "\\", "/", "{", "}", "[", "]", ",", ":", " ", "\n", "\t", "\r", "\u{0B}", "\u{0}", "\u{1F}", "\u{7F}",
            "0", "1", "-", "+", ".", "e", "E", "e400", "00", "true", "null", "nul", "\\u", "\\ud800", "\\udc00",
            "\\uD83D\\uDE00", "\\u0000", "\\x", "\u{FEFF}", "é", "€", "𝄞", "[]", "{}", "\"\":", ",1", "/**/", "NaN"
        ].map { Array($0.utf8) } + [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xFF, 0xFE]]

    /// One of the seed documents after one to three mutations.
    package mutating func document() -> [UInt8] {
        var bytes = seedDocument()
        // Mostly one, as nearly every document with three is refused.
        for _ in 0..<([1, 1, 1, 1, 2, 3].randomElement(using: &random) ?? 1) { mutate(&bytes) }
        return bytes
    }

    private mutating func seedDocument() -> [UInt8] {
        SeedDocuments.all.randomElement(using: &random) ?? []
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<8, using: &random) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1 where place < bytes.count: bytes[place] = .random(in: 0...255, using: &random)
        case 2: bytes.insert(.random(in: 0...255, using: &random), at: place)
        case 3: bytes.removeSubrange(range(from: place, in: bytes))
        case 4: bytes.replaceSubrange(range(from: place, in: bytes), with: splice())
        case 5: bytes.insert(contentsOf: bytes[range(from: place, in: bytes)], at: place)
        default: bytes.insert(contentsOf: Self.snippets.randomElement(using: &random) ?? [], at: place)
        }
    }

    /// A few bytes from `place` on.
    private mutating func range(from place: Int, in bytes: [UInt8]) -> Range<Int> {
        place..<min(bytes.count, place + Int.random(in: 0...6, using: &random))
    }

    /// A piece of any seed document.
    private mutating func splice() -> ArraySlice<UInt8> {
        let donor = seedDocument()
        return donor[range(from: Int.random(in: 0...donor.count, using: &random), in: donor)]
    }
}
