@testable import AuditArchive
import TestSupport
import Testing

@Suite struct TreeTests {
    /// The leaves and roots with which implementations of RFC 6962 are compared (certificate-transparency-go).
    static let leaves: [[UInt8]] = [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
        [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F]
    ]

    static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    ]

    @Test func rootsAreThoseOfRFC6962() {
        var edge = TreeEdge()
        #expect(edge.root.hexadecimal == Self.roots[0])
        for (leaf, root) in zip(Self.leaves, Self.roots.dropFirst()) {
            edge.append(line: leaf.span.bytes)
            #expect(edge.root.hexadecimal == root)
        }
    }

    @Test func aKeptEdgeGoesOnAsTheTreeDoes() throws {
        let leaves = (0..<40).map { TreeHash.plain("\($0)") }
        for count in 0...leaves.count {
            let edge = TreeEdge(leaves.prefix(count))
            var kept = try #require(TreeEdge(count: edge.count, hashes: edge.hashes))
            for leaf in leaves.dropFirst(count) { kept.append(leaf) }
            #expect(kept.root == TreeEdge(leaves).root)
            #expect(TreeEdge(count: count, hashes: edge.hashes + [.empty]) == nil)
        }
    }

    @Test func everyPathLeadsToTheRootAndNoOtherDoes() throws {
        for count in 1...33 {
            let leaves = (0..<count).map { TreeHash.plain("\($0)") }
            let root = TreeEdge(leaves).root
            for index in 0..<count {
                let path = try #require(TreePath(of: index, in: leaves))
                #expect(path.root(from: leaves[index]) == root, "\(index) of \(count)")
                #expect(path.root(from: .plain("other")) != root)
                if !path.hashes.isEmpty {
                    let short = TreePath(index: index, count: count, hashes: Array(path.hashes.dropLast()))
                    #expect(short.root(from: leaves[index]) == nil)
                }
                let long = TreePath(index: index, count: count, hashes: path.hashes + [root])
                #expect(long.root(from: leaves[index]) == nil)
                if count > 1 {
                    let moved = TreePath(index: (index + 1) % count, count: count, hashes: path.hashes)
                    #expect(moved.root(from: leaves[index]) != root)
                }
            }
            #expect(TreePath(of: count, in: leaves) == nil)
        }
    }

    @Test func hashesReadBackWhatTheyWrite() {
        let hash = TreeHash.plain("x")
        #expect(hash.hexadecimal == "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881")
        #expect(TreeHash(hexadecimal: hash.hexadecimal) == hash)
        #expect(TreeHash(bytes: hash.bytes) == hash)
        #expect(TreeHash(hexadecimal: hash.hexadecimal.uppercased()) == nil)
        #expect(TreeHash(bytes: [1, 2]) == nil)
    }
}
