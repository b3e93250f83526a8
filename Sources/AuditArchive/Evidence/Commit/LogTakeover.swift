import CivilTime
import SystemPackage

/// Reads a log as a whole, whatever the manifest says of it, to go on from where it ends.
struct LogTakeover {
    private let archive: ArchiveDirectory

    init(_ archive: ArchiveDirectory) {
        self.archive = archive
    }

    /// A log, and what it says that there is.
    struct Found {
        var state: EvidenceState
        var replay: EvidenceReplay
        /// The roots that it had with as many entries as was asked for.
        var roots: [Int: TreeHash]
        /// The digests of the manifests of the commits that made it as long as was asked for.
        var manifests: [Int: TreeHash]
    }

    /// Reads it; `nil` where there is none.
    ///
    /// - Throws: `ArchiveError` of the kind `damaged` where a line is no operation, or one that cannot have happened; and
    ///   where the signed head is not the log's beginning, unless that is to be passed over.
    func read(marks: Set<Int> = [], ignoresCheckpoint: Bool = false) throws(ArchiveError) -> Found? {
        guard let head = try EvidenceLog(archive).head() else { return nil }
        let (state, _) = try EvidenceState.load(
            archive, upTo: head, remembered: nil, ignoresCheckpoint: ignoresCheckpoint)
        var replay = EvidenceReplay()
        var manifests: [Int: TreeHash] = [:]
        var fault: (line: EvidenceLog.Line, reason: String)?
        let reading = try EvidenceLog(archive).read(upTo: head, marks: marks) { line in
            guard fault == nil else { return }
            do throws(OperationError) {
                try replay.apply(line)
                if marks.contains(line.index + 1), replay.endsWithCommit {
                    manifests[line.index + 1] = replay.lastCommit?.manifest
                }
            } catch {
                fault = (line, error.reason)
            }
        }
        if let fault {
            throw ArchiveError(
                .damaged, "Line \(fault.line.number) of the evidence log \(fault.reason)",
                at: archive.layout.absolute(fault.line.path),
                hint:
                    "Nothing was changed. Restore the folder `evidence` from a copy; if there is none, move it out of "
                    + "the archive, and `captivateiq-export evidence sign --adopt` begins a log anew.")
        }
        return Found(state: state, replay: replay, roots: reading.roots, manifests: manifests)
    }

    /// What the log has to say so that it agrees with a manifest: the files that only one of them knows.
    func differences(_ replay: EvidenceReplay, _ manifest: Manifest) throws(ArchiveError) -> [EvidenceOperation] {
        let named = Set(
            manifest.files.map { EvidenceFile.data($0.name) }
                + manifest.quarantine.map { EvidenceFile.quarantine($0.name) })
        let lost = replay.files.keys.filter { !named.contains($0) }.sorted { $0.path < $1.path }
        let adopted = try CommitOperations.adopted(
            manifest.files.filter { replay.files[.data($0.name)] == nil },
            manifest.quarantine.filter { replay.files[.quarantine($0.name)] == nil }, archive,
            passesOverMissing: true)
        let rebuild = EvidenceOperation.rebuild(generation: manifest.generation, lost: lost, pending: [])
        return (lost.isEmpty ? [] : [rebuild]) + adopted
    }
}
