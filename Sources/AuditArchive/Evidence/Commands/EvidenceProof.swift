import AuditRecords
import JSONText
import SystemPackage

/// Proves that an event is one that was archived: its line, with the path to a head.
package struct EvidenceProof: Sendable {
    /// The line, without its end.
    package var line: [UInt8]
    /// The text of the entry that added it.
    package var add: String
    /// From the line to the entry's root.
    package var linePath: TreePath
    /// From the entry to the head's root.
    package var logPath: TreePath
    /// The head.
    package var head: Checkpoint
    /// Whether a key has signed the head.
    package var isSigned: Bool

    /// The line in base64, whatever bytes it has.
    package var encodedLine: String { String(decoding: Base64Text.encoded(line), as: UTF8.self) }
}

/// Looks for an event and proves it. Reads alone, and works on a copy.
package struct EvidenceProver: Sendable {
    private let archive: ArchiveDirectory

    /// A prover of the archive at `layout`.
    package init(_ layout: ArchiveLayout, fileSystem: any FileSystem) {
        archive = ArchiveDirectory(layout, fileSystem)
    }

    /// Proves the event of this id; `nil` where there is none.
    ///
    /// - Throws: `ArchiveError` of the kind `damaged` where the log or the lines are not what they should be.
    package func prove(id: String) throws(ArchiveError) -> EvidenceProof? {
        let manifest = try archive.requireManifest().manifest
        guard let head = manifest.evidence else { throw .noEvidence(archive.layout) }
        let search = ErasureSearch(archive: archive, id: Array(id.utf8))
        guard let found = try firstFile(with: search, manifest), let number = found.lines.min() else { return nil }
        let log = try readLog(upTo: head)
        guard let origin = log.replay.files[.data(found.file.name)]?[number] else {
            throw .changedLog("The log has no record of a file", at: archive.layout.absolute(found.file.name.path))
        }
        let addition = log.replay.additions[origin.addition]
        let (leaves, line) = try leaves(of: origin.addition, log.replay, wanted: origin.line)
        let checkpoint = try signedHead(covering: addition.index, log, manifest)
        guard TreeEdge(leaves).root == addition.root, let line,
            let linePath = TreePath(of: origin.line, in: leaves),
            let logPath = TreePath(of: addition.index, in: Array(log.leaves.prefix(checkpoint.head.entries)))
        else {
            throw .changedLog(
                "The lines are not those that came", at: archive.layout.absolute(found.file.name.path))
        }
        return EvidenceProof(
            line: line, add: String(decoding: log.lines[addition.index], as: UTF8.self), linePath: linePath,
            logPath: logPath, head: checkpoint.head, isSigned: checkpoint.isSigned)
    }

    private func firstFile(
        with search: ErasureSearch, _ manifest: Manifest
    ) throws(ArchiveError) -> ErasureSearch.Found<DataFile>? {
        for file in manifest.files {
            if let found = try search.lines(in: [file]).first { return found }
        }
        return nil
    }

    private struct Log {
        var lines: [ArraySlice<UInt8>] = []
        var leaves: [TreeHash] = []
        var replay = EvidenceReplay()
        var fault: String?
    }

    private func readLog(upTo head: EvidenceHead) throws(ArchiveError) -> Log {
        var log = Log()
        let reading = try EvidenceLog(archive).read(upTo: head) { line in
            log.lines.append(line.bytes)
            log.leaves.append(.leaf(line.bytes.span.bytes))
            do throws(OperationError) {
                if log.fault == nil { try log.replay.apply(line) }
            } catch {
                log.fault = "line \(line.number) of \(line.path) \(error.reason)"
            }
        }
        if let fault = log.fault ?? reading.fault?.description {
            throw .changedLog("The evidence log cannot be relied on: \(fault)", at: archive.layout.logDirectory)
        }
        return log
    }

    /// The signed head, if it vouches for the entry; else the log's own.
    private func signedHead(
        covering index: Int, _ log: Log, _ manifest: Manifest
    ) throws(ArchiveError) -> (head: Checkpoint, isSigned: Bool) {
        let signed = try archive.contents(ofFile: archive.layout.checkpoint).flatMap { Checkpoint(decoding: $0) }
        if let signed, signed.entries > index, signed.entries <= log.leaves.count,
            TreeEdge(log.leaves.prefix(signed.entries)).root == signed.root
        {
            return (signed, true)
        }
        let head = Checkpoint(
            origin: Checkpoint.origin(of: manifest.archiveID), entries: log.leaves.count,
            root: TreeEdge(log.leaves).root)
        return (head, false)
    }

    /// All leaves of an addition: those of the lines that are there, wherever they are by now, and those that were kept of
    /// the others.
    private func leaves(
        of addition: Int, _ replay: EvidenceReplay, wanted: Int
    ) throws(ArchiveError) -> (leaves: [TreeHash], line: [UInt8]?) {
        var leaves = [TreeHash](repeating: .empty, count: replay.additions[addition].records)
        for (line, hash) in replay.additions[addition].erased { leaves[line] = hash }
        var wantedLine: [UInt8]?
        for (file, origins) in replay.files where origins.runs.contains(where: { $0.addition == addition }) {
            guard let name = file.data else { continue }
            try DuplicateReader(archive: archive).read(name) { number, line in
                guard let origin = origins[Int(number) - 1], origin.addition == addition else { return }
                leaves[origin.line] = .leaf(line)
                if origin.line == wanted { wantedLine = line.withUnsafeBytes { Array($0) } }
            }
        }
        return (leaves, wantedLine)
    }
}
