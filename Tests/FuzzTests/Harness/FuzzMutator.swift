import TestSupport

/// Makes new inputs from known ones: the same seed and the same pool make the same inputs.
struct FuzzMutator {
    private var random: SeededRandom
    private let tokens: [[UInt8]]

    /// Longer inputs are cut: more bytes show nothing new, only slower.
    static let longest = 16 << 10

    /// Numbers at the edges of what readers hold.
    private static let numbers = [
        "0", "-0", "1", "-1", "9", "15", "16", "17", "99", "100", "255", "256", "512", "999999", "1000000",
        "2147483648",
        "9007199254740993", "9223372036854775806", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "18446744073709551616", "123456789012345678901234567890", "1.0", "1e3", "1E400", "00", "007"
    ].map { Array($0.utf8) }

    private static let edges: [UInt8] = [0, 1, 0x1F, 0x20, 0x22, 0x5C, 0x7F, 0x80, 0xBF, 0xC2, 0xED, 0xF4, 0xFF]

    /// A mutator whose dictionary is `tokens`.
    init(seed: UInt64, tokens: [[UInt8]]) {
        random = SeededRandom(seed: seed)
        self.tokens = tokens
    }

    /// One of `pool` after one to four mutations.
    mutating func input(from pool: [[UInt8]]) -> [UInt8] {
        var bytes = pick(pool)
        // Mostly one: nearly everything with four is refused at its first fault.
        for _ in 0..<pick([1, 1, 1, 1, 2, 2, 3, 4], or: 1) { mutate(&bytes, pool) }
        return Array(bytes.prefix(Self.longest))
    }

    /// Whether to do something that is to be done once in `count` times.
    mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }

    private mutating func mutate(_ bytes: inout [UInt8], _ pool: [[UInt8]]) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<16, using: &random) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1 where place < bytes.count: bytes[place] = .random(in: 0...255, using: &random)
        case 2 where place < bytes.count: bytes[place] = pick(Self.edges, or: 0)
        case 3 where place < bytes.count: bytes[place] &+= pick([1, 255], or: 1)
        case 4: bytes.insert(.random(in: 0...255, using: &random), at: place)
        case 5: bytes.removeSubrange(range(from: place, in: bytes))
        case 6: bytes.removeSubrange(place...)
        case 7: bytes.insert(contentsOf: bytes[range(from: place, in: bytes)], at: place)
        case 8: splice(&bytes, at: place, pool)
        case 9: cross(&bytes, at: place, pool)
        case 10: editNumber(&bytes, from: place)
        case 11: swapString(&bytes, from: place, pool)
        case 12: nest(&bytes, from: place)
        case 13: bytes.replaceSubrange(range(from: place, in: bytes), with: pick(tokens))
        default: bytes.insert(contentsOf: pick(tokens), at: place)
        }
    }

    /// A piece of another input over a piece of this one.
    private mutating func splice(_ bytes: inout [UInt8], at place: Int, _ pool: [[UInt8]]) {
        let donor = pick(pool)
        let piece = donor[range(from: Int.random(in: 0...donor.count, using: &random), in: donor)]
        bytes.replaceSubrange(range(from: place, in: bytes), with: piece)
    }

    /// This input's start and another's end.
    private mutating func cross(_ bytes: inout [UInt8], at place: Int, _ pool: [[UInt8]]) {
        let donor = pick(pool)
        bytes.replaceSubrange(place..., with: donor.suffix(Int.random(in: 0...donor.count, using: &random)))
    }

    /// Another number for the first one from `place` on.
    private mutating func editNumber(_ bytes: inout [UInt8], from place: Int) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let start = bytes[place...].firstIndex(where: digits.contains) else { return }
        let end = bytes[start...].firstIndex { !digits.contains($0) } ?? bytes.count
        let near = Int(String(decoding: bytes[start..<end], as: UTF8.self)).map { number in
            Array(String(number &+ Int.random(in: -2...2, using: &random)).utf8)
        }
        bytes.replaceSubrange(start..<end, with: oneIn(2) ? near ?? [] : pick(Self.numbers))
    }

    /// Another input's string for the first one from `place` on.
    private mutating func swapString(_ bytes: inout [UInt8], from place: Int, _ pool: [[UInt8]]) {
        let donor = pick(pool)
        guard let old = Self.string(in: bytes, from: place),
            let new = Self.string(in: donor, from: Int.random(in: 0...donor.count, using: &random))
        else { return }
        bytes.replaceSubrange(old, with: donor[new])
    }

    private static func string(in bytes: [UInt8], from place: Int) -> Range<Int>? {
        guard let start = bytes[place...].firstIndex(of: 0x22),
            let end = bytes[(start + 1)...].firstIndex(of: 0x22)
        else { return nil }
        return start..<end + 1
    }

    /// Some levels of arrays or objects around a piece, now and then up to the limit.
    private mutating func nest(_ bytes: inout [UInt8], from place: Int) {
        let levels = oneIn(4) ? Int.random(in: 500...520, using: &random) : Int.random(in: 1...70, using: &random)
        let (open, close) = oneIn(2) ? ("[", "]") : ("{\"a\":", "}")
        let piece = range(from: place, in: bytes)
        let (before, after) = (String(repeating: open, count: levels), String(repeating: close, count: levels))
        bytes.replaceSubrange(piece, with: Array(before.utf8) + bytes[piece] + Array(after.utf8))
    }

    /// A few bytes from `place` on, now and then many.
    private mutating func range(from place: Int, in bytes: [UInt8]) -> Range<Int> {
        let length = Int.random(in: 0...pick([1, 4, 8, 40, 400], or: 1), using: &random)
        return place..<min(bytes.count, place + length)
    }

    private mutating func pick(_ choices: [[UInt8]]) -> [UInt8] { pick(choices, or: []) }

    private mutating func pick<Choice>(_ choices: [Choice], or fallback: Choice) -> Choice {
        choices.randomElement(using: &random) ?? fallback
    }
}
