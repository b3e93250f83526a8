import SystemPackage

/// Checks an archive against its evidence: the log against the manifest and the signed heads, what the log says that there
/// is against what the manifest names, and the events against the roots with which they came.
struct EvidenceCheck: Sendable {
    /// What is wrong so far, unsorted.
    private(set) var faults: [ArchiveFault] = []

    /// What is no fault, and to be known.
    private(set) var notes: [ArchiveFault] = []

    /// What was found beside that.
    private(set) var summary = EvidenceSummary()

    private var additions: AdditionCheck?

    /// Reads the log and the heads. The events are checked as their files are read.
    init(_ archive: ArchiveDirectory, _ manifest: Manifest, _ trust: EvidenceTrust) {
        do throws(ArchiveError) {
            try read(archive, manifest, trust)
        } catch {
            faults.append(ArchiveFault(.unreadable, ArchiveLayout.evidenceDirectoryName, error.summary))
        }
    }

    private mutating func read(
        _ archive: ArchiveDirectory, _ manifest: Manifest, _ trust: EvidenceTrust
    ) throws(ArchiveError) {
        let check = HeadCheck(archive: archive, trust: trust, origin: Checkpoint.origin(of: manifest.archiveID))
        let heads = try check.heads()
        let log = EvidenceLog(archive)
        guard let head = manifest.evidence else {
            return try checkAbsence(archive, log, check, heads)
        }
        summary.entries = head.entries
        summary.root = head.root
        var replay = EvidenceReplay()
        var fault: ArchiveFault?
        let reading = try log.read(upTo: head, marks: heads.marks) { line in
            guard fault == nil else { return }
            do throws(OperationError) {
                try replay.apply(line)
            } catch {
                fault = ArchiveFault(.historyRewritten, line.path, line: line.number, error.reason)
            }
        }
        faults += [fault, reading.fault].compactMap(\.self)
        let findings = check.findings(
            heads, entries: reading.edge.count, roots: reading.roots, cuts: replay.cuts, adopted: replay.adoptedEntries)
        faults += findings.faults
        notes += findings.notes
        let ahead = try CommitAhead(heads.newest, behind: manifest, head, replay, log)
        let signers = ahead?.signers(after: replay.key) ?? [replay.key].compactMap(\.self)
        faults += try check.keyFaults(heads.newest, key: replay.key, signers: signers, entries: reading.edge.count)
        summary.isHeadAhead = ahead != nil
        summary.signedEntries = min(heads.newest?.entries ?? 0, head.entries)
        if trust.publicKey == nil, summary.signedEntries < head.entries {
            notes.append(check.notSigned(head.entries - summary.signedEntries))
        }
        summary.fingerprint = heads.newest == nil ? nil : signers.last?.fingerprint
        // Of a log that is not whole the rest says nothing of what is there now.
        guard fault == nil, reading.fault == nil else { return }
        faults += Self.manifestFaults(manifest, replay) + Self.fileFaults(manifest, replay)
        additions = AdditionCheck(replay)
    }

    /// An archive that no commit has given evidence yet has no log; one whose manifest lost its member has.
    private mutating func checkAbsence(
        _ archive: ArchiveDirectory, _ log: EvidenceLog, _ check: HeadCheck, _ heads: HeadCheck.Heads
    ) throws(ArchiveError) {
        if try !log.days().isEmpty {
            faults.append(
                ArchiveFault(
                    .historyRewritten, ArchiveLayout.manifestName, "has no `evidence`, and there is a log"))
        } else if let kept = EvidenceEdgeFile(archive).load(), kept.count > 0 {
            faults.append(
                ArchiveFault(
                    .historyCut, ArchiveLayout.manifestName,
                    "has no `evidence`, and the private folder remembers a log of \(kept.count) entries"))
        }
        faults += check.findings(heads, entries: 0, roots: [:]).faults
        faults += try check.keyFaults(heads.newest, key: nil, signers: [], entries: 0)
    }

    private static func manifestFaults(_ manifest: Manifest, _ replay: EvidenceReplay) -> [ArchiveFault] {
        var faults: [ArchiveFault] = []
        func add(_ detail: String) {
            faults.append(ArchiveFault(.historyRewritten, ArchiveLayout.manifestName, detail))
        }
        if replay.archiveID != manifest.archiveID {
            add("`archive_id` is \(manifest.archiveID), and the log is that of \(replay.archiveID)")
        }
        if !replay.endsWithCommit { add("the log does not end with a commit") }
        if let commit = replay.lastCommit, commit.manifest != manifest.digestAboveEvidence {
            add("it is not what the last commit wrote, generation \(commit.generation)")
        }
        return faults
    }

    private static func fileFaults(_ manifest: Manifest, _ replay: EvidenceReplay) -> [ArchiveFault] {
        let named = Set(
            manifest.files.map { EvidenceFile.data($0.name) }
                + manifest.quarantine.map { EvidenceFile.quarantine($0.name) })
        let recorded = Set(replay.files.keys)
        let removed = recorded.subtracting(named).map { file in
            ArchiveFault(
                .removedWithoutRecord, file.path,
                "is in the evidence but not in the manifest: it was removed without a record")
        }
        let added = named.subtracting(recorded).map { file in
            ArchiveFault(.historyRewritten, file.path, "is in the manifest, and the log has no record of it")
        }
        return removed + added
    }

    // MARK: Events

    /// What is to be found out about the lines of a file, by its path.
    func hashing(of path: String) -> LineHashing {
        guard let additions, let file = EvidenceFile(path: path) else { return .none }
        return additions.hashing(of: file)
    }

    /// Takes what a file turned out to be.
    mutating func take(_ path: String, _ findings: FileFindings) {
        guard let file = EvidenceFile(path: path) else { return }
        faults += additions?.take(file, findings.isWhole ? findings.lineHashes : nil) ?? []
    }

    /// Checks what is left once all files were taken.
    mutating func finish() { faults += additions?.finish() ?? [] }
}
