import AuditRecords
import JSONText

/// Finds lines of events that were erased, in files that a rebuild takes in: an older copy brings them back.
struct ErasedLineSearch {
    let archive: ArchiveDirectory

    /// The lines, counted from 1, by their file's number.
    ///
    /// - Parameter evidence: what knows which ids were erased, and which files it has not seen, or not so. In all others the
    ///   lines are those that it knows.
    func lines(
        in names: [DataFileName], _ evidence: RebuildEvidence
    ) throws(ArchiveError) -> [UInt32: Set<UInt32>] {
        guard let erased = evidence.replay?.erasedIDs, !erased.isEmpty else { return [:] }
        let reader = DuplicateReader(archive: archive)
        var found: [UInt32: Set<UInt32>] = [:]
        for (index, name) in names.enumerated() where evidence.isNew(.data(name)) {
            try reader.read(name) { number, line in
                guard let id = (try? RecordScan(line: line))?.id else { return }
                let hash = id.withDecodedBytes(in: line) { TreeHash.plain($0) }
                if erased.contains(hash) { found[UInt32(clamping: index), default: []].insert(number) }
            }
        }
        return found
    }
}
