/// The tree of lines that come one after the other. Some of them wait for each other, so that they and the nodes above them
/// are hashed many at once.
struct LineTree: Equatable, Sendable {
    /// Longer lines do not wait: many of them could be much memory.
    static let longestWaiting = 4096

    /// Lines that wait, a power of two. The more they are, the fewer lanes of the processor have nothing to do at the end.
    private static let batch = 128

    private let width: Int
    private var edge = TreeEdge()
    /// The lines that wait, one after the other, each behind the prefix of a leaf, and where each ends.
    private var waiting: [UInt8] = []
    private var ends: [Int] = []

    /// A tree without lines. `width`: how many are hashed at once, 0 for none that wait.
    init(width: Int = BatchHash.width) { self.width = width }

    /// How many lines there are.
    var count: Int { edge.count + ends.count }

    /// The root over all lines.
    var root: TreeHash {
        var edge = edge
        appendWaiting(to: &edge)
        return edge.root
    }

    /// Adds a line, given without its end.
    mutating func append(_ line: RawSpan) {
        guard width > 0 && line.byteCount <= Self.longestWaiting else {
            settle()
            edge.append(.leaf(line))
            return
        }
        waiting.append(0)
        line.withUnsafeBytes { waiting.append(contentsOf: $0) }
        ends.append(waiting.count)
        if count % Self.batch == 0 { settle() }
    }

    /// Takes the lines that wait into the tree.
    private mutating func settle() {
        appendWaiting(to: &edge)
        waiting.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    private func appendWaiting(to edge: inout TreeEdge) {
        guard !ends.isEmpty else { return }
        var hashes = BatchHash.hashes(of: waiting, ends: ends, width: width)
        guard hashes.count == Self.batch else {
            for hash in hashes { edge.append(hash) }
            return
        }
        while hashes.count > 1 { hashes = BatchHash.nodes(over: hashes, width: width) }
        edge.append(root: hashes[0], of: Self.batch)
    }
}
