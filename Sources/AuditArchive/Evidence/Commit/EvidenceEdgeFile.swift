import JSONText

/// The head of the log as the last commit left it, kept in the private folder: the right edge of the tree, so that a sync
/// with nothing to do need not read the log. Lost, it is computed from the log.
struct EvidenceEdgeFile {
    /// More than the edge of any log needs.
    private static let largestSize = 1 << 14

    private let file: PrivateFile

    init(_ archive: ArchiveDirectory) {
        file = PrivateFile(
            archive.layout.evidenceEdge, archive.fileSystem, largestSize: Self.largestSize, isDurable: true)
    }

    /// What was kept last; `nil` if there is nothing, or nothing that can be read.
    func load() -> TreeEdge? {
        guard let bytes = file.read(), let members = try? EvidenceMembers(line: bytes[...]),
            let entries = try? members.number("entries"),
            let hashes = try? members.list("edge", { $0.text.flatMap(TreeHash.init(hexadecimal:)) })
        else { return nil }
        return TreeEdge(count: entries, hashes: hashes)
    }

    /// Replaces what was kept, after the commit that it speaks of.
    func save(_ edge: TreeEdge) {
        let hashes = edge.hashes.map { "\"\($0.hexadecimal)\"" }.joined(separator: ",")
        try? file.replace(with: Array("{\"entries\":\(edge.count),\"edge\":[\(hashes)]}\n".utf8))
    }
}
