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
