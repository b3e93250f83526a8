/// A tree that only grows, as its right edge: the roots of the complete subtrees that its leaves make, the largest first.
/// That is all that the next leaf and the root need: log2 n hashes.
package struct TreeEdge: Equatable, Sendable {
    /// How many leaves the tree has.
    package private(set) var count = 0

    /// The roots of the complete subtrees, one for each 1 in the binary ``count``.
    private(set) var hashes: [TreeHash] = []

    /// A tree without leaves.
    package init() {}

    /// The tree of these leaves.
    init(_ leaves: some Sequence<TreeHash>) {
        for leaf in leaves { append(leaf) }
    }

    /// A tree that was kept; `nil` if so many leaves make another number of subtrees.
    init?(count: Int, hashes: [TreeHash]) {
        guard count >= 0, count.nonzeroBitCount == hashes.count else { return nil }
        self.count = count
        self.hashes = hashes
    }

    /// Adds a leaf at the right end.
    mutating func append(_ leaf: TreeHash) { append(root: leaf, of: 1) }

    /// Adds a complete subtree of `leaves` leaves, a power of two that divides ``count``, at the right end.
    mutating func append(root: TreeHash, of leaves: Int) {
        precondition(leaves.nonzeroBitCount == 1 && count % leaves == 0, "a subtree in the wrong place")
        var hash = root
        var larger = count / leaves
        while larger & 1 == 1 {
            hash = .node(hashes.removeLast(), hash)
            larger >>= 1
        }
        hashes.append(hash)
        count += leaves
    }

    /// Adds a line as a leaf.
    mutating func append(line: RawSpan) { append(.leaf(line)) }

    /// The root (RFC 6962, 2.1).
    package var root: TreeHash {
        guard let last = hashes.last else { return .empty }
        return hashes.dropLast().reversed().reduce(last) { right, left in .node(left, right) }
    }
}
