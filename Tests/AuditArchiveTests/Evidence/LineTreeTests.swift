@testable import AuditArchive
import TestSupport
import Testing

@Suite struct LineTreeTests {
    /// How many lines can be hashed at once here; 0 for one by one.
    private static let widths = Set([0, BatchHash.width] + (BatchHash.hasPairs ? [2] : [])).sorted()

    private static func expect(_ lines: [[UInt8]], _ comment: Comment) {
        for width in widths {
            var (tree, edge) = (LineTree(width: width), TreeEdge())
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
        let lines = (0..<Int.random(in: 0...280, using: &random)).map { _ in
            let isLong = Int.random(in: 0..<20, using: &random) == 0
            let size = Int.random(in: isLong ? long - 2...long + 2 : 0...900, using: &random)
            return (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        Self.expect(lines, "seed \(seed)")
    }

    /// Every length up to several blocks, beside shorter and longer ones, in batches that fill the lanes and that do not.
    @Test(arguments: widths.filter { $0 > 0 })
    func manyAtOnceAreAsOneByOne(width: Int) {
        let bytes = (0..<400).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 3) }
        var random = SeededRandom(seed: 1)
        for _ in 0..<4 {
            var sizes = (Array(0...260) + [319, 320, 398, 399, 400]).shuffled(using: &random)[...]
            while !sizes.isEmpty {
                let lines = sizes.prefix(Int.random(in: 1...40, using: &random)).map { Array(bytes[(400 - $0)...]) }
                sizes = sizes.dropFirst(lines.count)
                Self.expectSameHashes(lines, width: width)
            }
        }
    }

    private static func expectSameHashes(_ lines: [[UInt8]], width: Int) {
        let sizes: Comment = "\(lines.map(\.count)), \(width) at once"
        var (messages, ends): ([UInt8], [Int]) = ([], [])
        for line in lines {
            messages += [0] + line
            ends.append(messages.count)
        }
        let hashes = BatchHash.hashes(of: messages, ends: ends, width: width)
        #expect(hashes == lines.map { .leaf($0.span.bytes) }, sizes)

        let pairs = stride(from: 0, to: hashes.count - 1, by: 2)
        guard hashes.count > 1 else { return }
        let nodes = BatchHash.nodes(over: Array(hashes.prefix(hashes.count / 2 * 2)), width: width)
        #expect(nodes == pairs.map { .node(hashes[$0], hashes[$0 + 1]) }, sizes)
    }
}
