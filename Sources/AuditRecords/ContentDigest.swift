import JSONText

/// What tells one content of an event from another within a run of the program: a keyed hash, new in each process.
package struct ContentDigest: Hashable, Sendable {
    /// The digest in eight bytes, never 0.
    package let word: UInt64

    /// The digest of a compacted line.
    package init(line: RawSpan) {
        word = max(1, KeyedHash.hash(line))
    }

    /// The digest that ``word`` stands for; `nil` for 0.
    package init?(word: UInt64) {
        guard word != 0 else { return nil }
        self.word = word
    }
}

/// A hash for tables and digests that live no longer than the process.
///
/// The standard library's hasher costs as much as reading the JSON does. This one folds 16 bytes at a time through a
/// product of 128 bits, as wyhash does. That is no cryptography: its key, random in each process and never shown, is what
/// keeps a sender from choosing bytes that collide, and two contents that are not chosen collide once in 2^64 times.
enum KeyedHash {
    private struct Key {
        var first = UInt64.random(in: .min ... .max)
        var second = UInt64.random(in: .min ... .max)
        var third = UInt64.random(in: .min ... .max)
        var fourth = UInt64.random(in: .min ... .max)
    }

    private static let key = Key()

    /// The hash of two words.
    static func hash(_ one: UInt64, _ other: UInt64) -> UInt64 {
        let key = key
        return fold(one ^ key.first, other ^ key.second)
    }

    /// The hash of all bytes and their number.
    static func hash(_ bytes: RawSpan) -> UInt64 {
        let key = key
        let count = bytes.byteCount
        var (state, other) = (key.third, key.fourth)
        var offset = 0
        // Two chains of products, each waiting for itself alone.
        while count - offset > 32 {
            state = fold(bytes.word(at: offset) ^ key.first, bytes.word(at: offset + 8) ^ state)
            other = fold(bytes.word(at: offset + 16) ^ key.second, bytes.word(at: offset + 24) ^ other)
            offset += 32
        }
        state ^= other
        while count - offset > 16 {
            state = fold(bytes.word(at: offset) ^ key.first, bytes.word(at: offset + 8) ^ state)
            offset += 16
        }
        let tail = bytes.tail(from: offset)
        state = fold(tail.low ^ key.first, tail.high ^ state)
        return fold(state ^ key.second, UInt64(count) ^ key.third)
    }

    @inline(__always)
    private static func fold(_ one: UInt64, _ other: UInt64) -> UInt64 {
        let product = one.multipliedFullWidth(by: other)
        return product.high ^ product.low
    }
}

extension RawSpan {
    /// The last bytes, at most 16, from `offset` on: with those before them if there are 16 in all, or else with zeros
    /// after them.
    fileprivate func tail(from offset: Int) -> (low: UInt64, high: UInt64) {
        if byteCount >= 16 { return (word(at: byteCount - 16), word(at: byteCount - 8)) }
        let count = byteCount - offset
        var (low, high): (UInt64, UInt64) = (0, 0)
        for index in 0..<count {
            let byte = UInt64(unsafeLoad(fromByteOffset: offset + index, as: UInt8.self))
            if index < 8 { low |= byte << (8 * index) } else { high |= byte << (8 * (index - 8)) }
        }
        return (low, high)
    }
}
