import CPairedSHA256

/// Hashes of leaves and nodes, two at a time, which is faster where the processor has instructions for SHA-256.
enum PairedHash {
    /// Two hashes side by side in memory: also the two sides of a node.
    typealias Pair = (TreeHash, TreeHash)

    /// Whether this processor has those instructions. Without them nothing else here may be called.
    static let isAvailable = paired_sha256_available()

    /// What ``TreeHash/leaf(_:)`` gives for each of two lines.
    static func leaves(_ first: RawSpan, _ second: RawSpan) -> Pair {
        first.withUnsafeBytes { first in second.withUnsafeBytes { second in hashes(prefix: 0, first, second) } }
    }

    /// What ``TreeHash/node(_:_:)`` gives for each of two pairs.
    static func nodes(_ first: Pair, _ second: Pair) -> Pair {
        withUnsafeBytes(of: first) { first in
            withUnsafeBytes(of: second) { second in hashes(prefix: 1, first, second) }
        }
    }

    private static func hashes(prefix: UInt8, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Pair
    {
        var pair: Pair = (.zero, .zero)
        withUnsafeMutableBytes(of: &pair) { pair in
            paired_sha256(prefix, first.baseAddress, first.count, second.baseAddress, second.count, pair.baseAddress)
        }
        return pair
    }
}
