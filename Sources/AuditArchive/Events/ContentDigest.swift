/// What tells one content of an event from another within a run of the program: a keyed hash, new in each process.
package struct ContentDigest: Hashable, Sendable {
    private let value: UInt64

    /// The digest of a compacted line.
    package init(line: RawSpan) {
        value = KeyedHash.hash(line)
    }
}
