import AuditRecords
import JSONText

/// Writes the quarantine files anew, into the staging folder, that a rebuild finds and whose records must not all come back:
/// those of erased events, and those that are kept in other files since their own had gone on record.
struct ReturnedQuarantine {
    let archive: ArchiveDirectory
    let compression: CompressionSettings
    let generation: Int
    let evidence: RebuildEvidence

    /// What is staged, and what goes.
    struct Outcome {
        /// The files without these records; none for a file that had nothing else.
        var files: [QuarantineFile] = []
        /// The roots over their lines.
        var roots: [EvidenceFile: TreeHash] = [:]
        /// The files that they take the place of.
        var removed: Set<QuarantineFileName> = []
    }

    /// Writes them, from the part of this number on.
    func run(_ files: [QuarantineFile], firstPart: Int) async throws(ArchiveError) -> Outcome {
        let erased = evidence.replay?.erasedIDs ?? []
        let reader = QuarantineReader(archive: archive)
        let others = try reader.contents(files.filter { !evidence.isReturned(.quarantine($0.name)) })
        var outcome = Outcome()
        for file in files where evidence.isNew(.quarantine(file.name)) {
            let isReturned = evidence.isReturned(.quarantine(file.name))
            var (kept, edge): ([[UInt8]], TreeEdge) = ([], TreeEdge())
            try reader.read([file]) { line in
                guard !Self.isErased(line, erased), !(isReturned && others.knows(line: line)) else { return }
                kept.append(line.withUnsafeBytes { Array($0) })
                edge.append(line: line)
            }
            guard isReturned || kept.count < file.records else { continue }
            outcome.removed.insert(file.name)
            guard !kept.isEmpty else { continue }
            let name = QuarantineFileName(generation: generation, part: firstPart + outcome.files.count)
            let pruning = QuarantinePruning(archive: archive, compression: compression)
            outcome.files.append(try await pruning.write(kept, as: name))
            outcome.roots[.quarantine(name)] = edge.root
        }
        return outcome
    }

    private static func isErased(_ line: RawSpan, _ erased: Set<TreeHash>) -> Bool {
        guard !erased.isEmpty, let record = QuarantinedDays.record(ofLine: line) else { return false }
        let text = record.span.bytes
        guard let id = (try? RecordScan(line: text))?.id else { return false }
        return id.withDecodedBytes(in: text) { erased.contains(.plain($0)) }
    }
}
