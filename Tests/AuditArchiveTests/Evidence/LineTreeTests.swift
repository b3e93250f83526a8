@testable import AuditArchive
import TestSupport
import Testing

@Suite struct LineTreeTests {
    private static func expect(_ lines: [[UInt8]], _ comment: Comment) {
        for isPaired in [true, false] {
            var (tree, edge) = (LineTree(isPaired: isPaired), TreeEdge())
            for line in lines {
                tree.append(line.span.bytes)
                edge.append(.leaf(line.span.bytes))
                #expect(tree.count == edge.count && tree.root == edge.root, comment)
            }
        }
    }

    @Test func rootsAreThoseOfRFC6962() {
        var tree = LineTree()
        #expect(tree.root.hexadecimal == TreeTests.roots[0])
        for (leaf, root) in zip(TreeTests.leaves, TreeTests.roots.dropFirst()) {
            tree.append(leaf.span.bytes)
            #expect(tree.root.hexadecimal == root)
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func waitingLinesAreOfTheTree(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let long = LineTree.longestWaiting
        let lines = (0..<Int.random(in: 0...70, using: &random)).map { _ in
            let isLong = Int.random(in: 0..<20, using: &random) == 0
            let size = Int.random(in: isLong ? long - 2...long + 2 : 0...900, using: &random)
            return (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        Self.expect(lines, "seed \(seed)")
    }

    /// Every length up to several blocks, beside shorter and longer ones.
    @Test(.enabled(if: PairedHash.isAvailable)) func twoAtATimeAreAsOneByOne() {
        let bytes = (0..<400).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 3) }
        for first in 0...260 {
            for second in [first, first * 7 % 400, first / 64 * 64, 55, 56, 62, 63, 64, 119, 127] {
                let lines = (bytes[..<first], bytes[(400 - second)...])
                let pair = PairedHash.leaves(lines.0.span.bytes, lines.1.span.bytes)
                let single = (TreeHash.leaf(lines.0.span.bytes), TreeHash.leaf(lines.1.span.bytes))
                #expect(pair == single, "\(first) and \(second) bytes")
                #expect(PairedHash.nodes(pair, (pair.1, pair.0)) == (.node(pair.0, pair.1), .node(pair.1, pair.0)))
            }
        }
    }
}
