/// The tree of lines that come one after the other. Some of them wait for each other, so that they and the nodes above them
/// are hashed in pairs.
struct LineTree: Equatable, Sendable {
    /// Longer lines do not wait: many of them could be much memory.
    static let longestWaiting = 4096

    /// Lines that wait, a power of two: two nodes for each batch are hashed alone.
    private static let batch = 32

    private let isPaired: Bool
    private var edge = TreeEdge()
    /// The lines that wait, one after the other, and where each ends.
    private var waiting: [UInt8] = []
    private var ends: [Int] = []

    /// A tree without lines. `isPaired`: whether lines wait, as they do where the processor gains by it.
    init(isPaired: Bool = PairedHash.isAvailable) { self.isPaired = isPaired && PairedHash.isAvailable }

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
        guard isPaired && line.byteCount <= Self.longestWaiting else {
            settle()
            edge.append(.leaf(line))
            return
        }
        line.withUnsafeBytes { waiting.append(contentsOf: $0) }
        ends.append(waiting.count)
        if count % Self.batch == 0 { settle() }
    }

    /// Takes the lines that wait into the tree.
    private mutating func settle() {
        guard !ends.isEmpty else { return }
        appendWaiting(to: &edge)
        waiting.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    private func appendWaiting(to edge: inout TreeEdge) {
        if ends.count == Self.batch {
            edge.append(root: rootOfBatch, of: Self.batch)
        } else {
            for index in ends.indices { edge.append(.leaf(waiting.span.bytes.extracting(place(of: index)))) }
        }
    }

    private var rootOfBatch: TreeHash {
        var pairs = stride(from: 0, to: Self.batch, by: 2).map { leaves($0) }
        while pairs.count > 1 {
            pairs = stride(from: 0, to: pairs.count, by: 2).map { PairedHash.nodes(pairs[$0], pairs[$0 + 1]) }
        }
        return .node(pairs[0].0, pairs[0].1)
    }

    /// The hashes of a line that waits and of the next one.
    private func leaves(_ index: Int) -> PairedHash.Pair {
        let bytes = waiting.span.bytes
        return PairedHash.leaves(bytes.extracting(place(of: index)), bytes.extracting(place(of: index + 1)))
    }

    private func place(of line: Int) -> Range<Int> { (line == 0 ? 0 : ends[line - 1])..<ends[line] }
}
