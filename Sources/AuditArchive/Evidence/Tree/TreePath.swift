/// The hashes that lead from a leaf to the root of its tree (RFC 6962, 2.1.1).
package struct TreePath: Equatable, Sendable {
    /// The place of the leaf, from 0.
    package let index: Int

    /// How many leaves the tree has.
    package let count: Int

    /// The neighbours on the way up, that of the leaf first.
    package let hashes: [TreeHash]

    /// A path that was written down.
    package init(index: Int, count: Int, hashes: [TreeHash]) {
        self.index = index
        self.count = count
        self.hashes = hashes
    }

    /// The path of a leaf of the tree that these leaves make; `nil` if there is no such leaf.
    package init?(of index: Int, in leaves: [TreeHash]) {
        guard leaves.indices.contains(index) else { return nil }
        self.index = index
        count = leaves.count
        var path: [TreeHash] = []
        var (level, place) = (leaves, index)
        // A node without a right neighbour is the next level's as it is: so the largest power of two is on the left.
        while level.count > 1 {
            let neighbour = place ^ 1
            if neighbour < level.count { path.append(level[neighbour]) }
            level = stride(from: 0, to: level.count, by: 2).map { left in
                left + 1 < level.count ? .node(level[left], level[left + 1]) : level[left]
            }
            place /= 2
        }
        hashes = path
    }

    /// The root of the tree that has this leaf at the end of the path; `nil` if the path is too long or too short for it.
    package func root(from leaf: TreeHash) -> TreeHash? {
        guard index >= 0, index < count else { return nil }
        var (hash, place, last) = (leaf, index, count - 1)
        var rest = hashes[...]
        while last > 0 {
            if place & 1 == 1 {
                guard let left = rest.popFirst() else { return nil }
                hash = .node(left, hash)
            } else if place < last {
                guard let right = rest.popFirst() else { return nil }
                hash = .node(hash, right)
            }
            place >>= 1
            last >>= 1
        }
        return rest.isEmpty ? hash : nil
    }
}
