import CivilTime
import SystemPackage

/// Writes what a commit does into the evidence log, and signs the head where a key is at hand. The files are staged, and
/// published by the commit's own journal: a crash leaves both or neither.
struct EvidenceRecorder: Sendable {
    /// What a commit publishes for the evidence.
    struct Staged: Sendable {
        /// The log's head afterwards.
        var head: EvidenceHead?
        /// The files, each over its older version.
        var moves: [Journal.Move] = []
    }

    private let archive: ArchiveDirectory
    private let settings: EvidenceSettings
    /// The state after the last commit; `nil` before the log was read.
    private var state: EvidenceState?
    /// The state after the commit that is being made.
    private var pending: EvidenceState?

    /// What a person should know.
    private(set) var warnings: [String] = []

    init(_ archive: ArchiveDirectory, _ settings: EvidenceSettings) {
        self.archive = archive
        self.settings = settings
    }

    /// Finds out, before anything is fetched, whether the log is the manifest's and the signed head the signer's own.
    ///
    /// The newest file's length and the root are compared; without a root that was kept, the log is read.
    mutating func check(_ manifest: Manifest?) throws(ArchiveError) {
        if let reason = settings.adoption { return try adopt(manifest, reason) }
        if let signer = settings.signer { try checkSigner(signer) }
        guard let head = manifest?.evidence else { return try checkAbsence(manifest) }
        let path = archive.layout.absolute(EvidenceLog.path(of: head.day))
        guard let status = try archive.status(of: path), status.kind == .file else {
            throw .changedLog("The newest file of the evidence log is missing", at: path)
        }
        guard status.size >= head.length else {
            throw .changedLog(
                "The newest file of the evidence log has \(status.size) bytes, and the manifest says \(head.length)",
                at: path)
        }
        let kept = EvidenceEdgeFile(archive).load()
        if kept?.count != head.entries || kept?.root != head.root { try load(manifest, head) }
    }

    /// A log that the manifest does not know of is not to be written over, nor begun anew where there was one.
    private func checkAbsence(_ manifest: Manifest?) throws(ArchiveError) {
        guard try EvidenceLog(archive).days().isEmpty else {
            throw .changedLog(
                "There is an evidence log, and the manifest has no `evidence`", at: archive.layout.manifest)
        }
        // Where the archive is gone with its manifest, another one may begin.
        if manifest != nil, let kept = EvidenceEdgeFile(archive).load(), kept.count > 0 {
            throw .changedLog(
                "The evidence is gone: the manifest has no `evidence`, and the last commit left a log of "
                    + "\(kept.count) \(kept.count == 1 ? "entry" : "entries")", at: archive.layout.manifest)
        }
    }

    /// A signer goes on only from what it has signed itself.
    private func checkSigner(_ signer: SigningKey) throws(ArchiveError) {
        let path = archive.layout.checkpoint
        guard let bytes = try archive.contents(ofFile: path) else { return }
        let text = try archive.contents(ofFile: archive.layout.absolute(ArchiveLayout.verifierKeyPath))
        let named = text.flatMap { VerifierKey(text: String(decoding: $0, as: UTF8.self)) }
        if let named, !named.isSameKey(as: signer.verifier) { throw .otherSigner(path) }
        guard let checkpoint = Checkpoint(decoding: bytes), checkpoint.isSigned(by: signer.verifier) else {
            // The key has signed before: another key is no way out.
            throw named == nil ? .otherSigner(path) : .changedLog("The signed head is damaged", at: path)
        }
    }

    /// Reads the whole log. What is remembered of a head that it does not have is put on record by the next commit.
    private mutating func load(_ manifest: Manifest?, _ head: EvidenceHead) throws(ArchiveError) {
        let kept = EvidenceEdgeFile(archive).load()
        let (state, root) = try EvidenceState.load(archive, upTo: head, remembered: kept?.count)
        if let digest = manifest?.digestAboveEvidence, state.manifest != digest {
            throw .changedLog("The manifest is not the one that the evidence log names", at: archive.layout.manifest)
        }
        self.state = state
        forgotten = nil
        if let kept, kept.root != root { forget(PastHead(kept)) }
    }

    /// A head that is remembered, and that the log does not have.
    private var forgotten: PastHead?
    /// What the next commit says of how it came to go on with this log.
    private var takeover: [EvidenceOperation] = []

    /// Takes the log as it is, on record, with what the manifest names and the log does not.
    private mutating func adopt(_ manifest: Manifest?, _ reason: String) throws(ArchiveError) {
        guard let manifest else { return }
        let past = [EvidenceEdgeFile(archive).load().map(PastHead.init), manifest.evidence.map(PastHead.init)]
            .compactMap(\.self)
        let found = try LogTakeover(archive).read(marks: Set(past.map(\.entries)), ignoresCheckpoint: true)
        state = found?.state ?? EvidenceState()
        if let head = past.first(where: { found?.roots[$0.entries] != $0.root }) { forget(head) }
        let edge = found?.state.edge ?? TreeEdge()
        takeover = [.adopt(entries: edge.count, root: edge.root, reason: reason)]
        guard let replay = found?.replay else { return }
        takeover += try LogTakeover(archive).differences(replay, manifest)
        if replay.archiveID != manifest.archiveID {
            throw .changedLog("The evidence log is that of another archive", at: archive.layout.logDirectory)
        }
    }

    /// Goes on from the log as a whole, whatever manifest is there: it must have the heads that the manifest, the private
    /// folder and the signer know of, and any of them may be older. Where the manifest is gone too, a log is begun anew, and
    /// says which head was there before.
    mutating func resume(after manifest: Manifest?) throws(ArchiveError) -> ResumedLog {
        do throws(ArchiveError) {
            return try resumeLog(after: manifest)
        } catch {
            guard manifest == nil, error.kind == .damaged else { throw error }
            // An adoption needs the manifest that a rebuild is to make.
            throw ArchiveError(
                .damaged, error.summary, at: error.path,
                hint:
                    "Nothing was changed. Restore the folder `evidence` from a copy; if there is none, move it out of the "
                    + "archive, and run `captivateiq-export rebuild` again, which begins a log anew, on record.")
        }
    }

    private mutating func resumeLog(after manifest: Manifest?) throws(ArchiveError) -> ResumedLog {
        if let signer = settings.signer { try checkSigner(signer) }
        let kept = EvidenceEdgeFile(archive).load().map(PastHead.init)
        let marks = Set([kept?.entries, manifest?.evidence?.entries].compactMap(\.self))
        guard let found = try LogTakeover(archive).read(marks: marks) else {
            guard manifest?.evidence == nil else {
                throw .changedLog("The evidence log is gone", at: archive.layout.logDirectory)
            }
            let signed = try archive.contents(ofFile: archive.layout.checkpoint).flatMap { Checkpoint(decoding: $0) }
            state = EvidenceState()
            if let past = kept ?? signed.map(PastHead.init) { forget(past) }
            return ResumedLog(replay: nil, vouchesForManifest: true, isLost: forgotten != nil)
        }
        if let head = manifest?.evidence, found.roots[head.entries] != head.root {
            throw .changedLog("The evidence log is not the manifest's", at: archive.layout.logDirectory)
        }
        state = found.state
        if let kept, kept.root != found.roots[kept.entries] { forget(kept) }
        let named = manifest.flatMap { manifest in manifest.evidence.flatMap { found.manifests[$0.entries] } }
        return ResumedLog(
            replay: found.replay, vouchesForManifest: named != nil && named == manifest?.digestAboveEvidence,
            isLost: false)
    }

    /// Has the next commit put a head on record, unless it is already.
    private mutating func forget(_ head: PastHead) {
        if state?.restored[head.entries] != head.root { forgotten = head }
    }

    /// Has the next commit say how it came to go on with this log.
    mutating func takeOver(with operations: [EvidenceOperation]) { takeover = operations }

    // MARK: A commit

    /// Stages what the log says of a commit. `above`: the digest of the manifest above its `evidence`.
    ///
    /// Called again for the same commit, it begins anew.
    mutating func stage(
        _ change: CommitChange, _ metadata: CommitMetadata, from old: Manifest?, to next: Manifest, above: TreeHash
    ) throws(ArchiveError) -> Staged {
        if state == nil, let head = old?.evidence { try load(old, head) }
        var state = state ?? EvidenceState()
        let isBeginning = state.edge.count == 0
        var operations: [EvidenceOperation] = []
        if isBeginning {
            operations = try CommitOperations.beginning(
                old, next, archive, passesOverMissing: settings.adoption != nil)
        }
        if let forgotten {
            operations.append(
                .restored(generation: next.generation, entries: forgotten.entries, root: forgotten.root))
        }
        operations += takeover
        operations += CommitOperations(
            archive: archive, old: isBeginning ? old?.withoutChecks : old, next: next, change: change,
            metadata: metadata, host: settings.host
        ).list()
        let signers = try signers(for: state)
        // The key of a head is the one that signs from there on: the last of them.
        if let signer = signers.last, !(state.key.map(signer.verifier.isSameKey) ?? false) {
            let name = Checkpoint.origin(of: next.archiveID)
            operations.append(
                .key(
                    verifierKey: signer.verifier.verifierKey(as: name),
                    withoutOldKey: state.key != nil && signers.count == 1))
        }
        operations.append(.commit(generation: next.generation, manifest: above))
        for operation in operations { state.append(operation, at: next.writtenAt) }
        return try write(&state, signers, next)
    }

    /// Whether the head that a commit makes is signed, and by whom: the key at hand, if the log up to here is the signer's
    /// own or has no signature yet.
    private mutating func signers(for state: EvidenceState) throws(ArchiveError) -> [SigningKey] {
        if let rotation = settings.rotation, rotation.withoutOldKey { return [rotation.key] }
        guard let signer = settings.signer else { return [] }
        let signers = [signer] + [settings.rotation?.key].compactMap(\.self)
        if settings.adoption != nil { return signers }
        guard let key = state.key else {
            guard state.checkpoint == nil else {
                throw .changedLog("There is a signed head, and the log names no key", at: archive.layout.checkpoint)
            }
            return signers
        }
        guard key.isSameKey(as: signer.verifier) else { throw .otherSigner(archive.layout.checkpoint) }
        guard let checkpoint = state.checkpoint else {
            throw .changedLog("The log was signed, and its signed head is gone", at: archive.layout.checkpoint)
        }
        guard checkpoint.entries == state.edge.count else {
            let count = state.unsigned
            warnings = [
                "\(count) \(count == 1 ? "entry" : "entries") of the evidence log came without the signing key, so that "
                    + "the head was not signed; if that was in order, run `captivateiq-export evidence sign`"
            ]
            return []
        }
        return signers
    }

    private mutating func write(
        _ state: inout EvidenceState, _ signers: [SigningKey], _ next: Manifest
    ) throws(ArchiveError) -> Staged {
        var staged = Staged(head: state.head)
        guard let head = state.head else { return staged }
        try stage(state.newest, EvidenceLog.path(of: head.day), &staged)
        if !signers.isEmpty {
            try sign(&state, signers, next, &staged)
        }
        pending = state
        return staged
    }

    private func sign(
        _ state: inout EvidenceState, _ signers: [SigningKey], _ next: Manifest, _ staged: inout Staged
    ) throws(ArchiveError) {
        let origin = Checkpoint.origin(of: next.archiveID)
        let checkpoint = try Checkpoint.signed(origin, state.edge, by: signers, at: archive.layout.checkpoint)
        try stage(checkpoint.encoded, ArchiveLayout.checkpointPath, &staged)
        state.checkpoint = checkpoint
        guard let key = state.key else { return }
        try stage(Array(key.pem.utf8), ArchiveLayout.publicKeyPath, &staged)
        try stage(Array((key.verifierKey(as: origin) + "\n").utf8), ArchiveLayout.verifierKeyPath, &staged)
    }

    private func stage(_ bytes: [UInt8], _ target: String, _ staged: inout Staged) throws(ArchiveError) {
        let move = Journal.Move(target: target)
        let path = archive.layout.staged(move.staged)
        try archive.removeIfPresent(path)
        try archive.createDurably(path, bytes)
        staged.moves.append(move)
    }

    /// How many entries a signed head vouches for.
    var signedEntries: Int {
        let bytes = try? archive.contents(ofFile: archive.layout.checkpoint)
        return bytes.flatMap(\.self).flatMap { Checkpoint(decoding: $0) }?.entries ?? 0
    }

    /// Signs the head as it is, in one step. `false` where the key has not signed before, which the log has to say first.
    mutating func signHead(_ manifest: Manifest?) throws(ArchiveError) -> Bool {
        guard let manifest, let head = manifest.evidence, let signer = settings.signer else { return false }
        if state == nil { try load(manifest, head) }
        guard var state, let key = state.key else { return false }
        guard key.isSameKey(as: signer.verifier) else { throw .otherSigner(archive.layout.checkpoint) }
        guard state.checkpoint != nil else {
            throw .changedLog("The log was signed, and its signed head is gone", at: archive.layout.checkpoint)
        }
        guard state.unsigned > 0 else { return true }
        var staged = Staged()
        try sign(&state, [signer], manifest, &staged)
        for move in staged.moves {
            try archive.rename(archive.layout.staged(move.staged), to: archive.layout.absolute(move.target))
        }
        try archive.synchronizeDirectory(archive.layout.evidenceDirectory)
        self.state = state
        return true
    }

    /// SHA-256 of the ids that were erased, with the dates of the files that their events were in.
    mutating func erasedIDs(_ manifest: Manifest?) throws(ArchiveError) -> [TreeHash: CalendarDay] {
        if state == nil, let manifest, let head = manifest.evidence { try load(manifest, head) }
        return state?.erased ?? [:]
    }

    /// Remembers what a commit has published.
    mutating func recordCommit() {
        guard let pending else { return }
        state = pending
        self.pending = nil
        (forgotten, takeover) = (nil, [])
        EvidenceEdgeFile(archive).save(pending.edge)
    }
}

extension Checkpoint {
    /// The head of a log with the signatures of these keys.
    static func signed(
        _ origin: String, _ edge: TreeEdge, by signers: [SigningKey], at path: FilePath
    ) throws(ArchiveError) -> Checkpoint {
        var checkpoint = Checkpoint(origin: origin, entries: edge.count, root: edge.root)
        for signer in signers where !checkpoint.sign(with: signer) {
            throw ArchiveError(
                .inputOutput, "The head of the evidence log could not be signed", at: path,
                hint: "Nothing was changed. Try again; if it stays so, check the file that `signing_key_file` names.")
        }
        return checkpoint
    }
}

extension Manifest {
    /// The same, as if nothing were known of comparisons: a log that begins says them all.
    fileprivate var withoutChecks: Manifest {
        var manifest = self
        manifest.checked = []
        manifest.organization = nil
        return manifest
    }
}

/// A head that a log had once.
private struct PastHead {
    var entries: Int
    var root: TreeHash

    init(_ edge: TreeEdge) { (entries, root) = (edge.count, edge.root) }
    init(_ head: EvidenceHead) { (entries, root) = (head.entries, head.root) }
    init(_ checkpoint: Checkpoint) { (entries, root) = (checkpoint.entries, checkpoint.root) }
}

/// A log that a rebuild goes on from.
struct ResumedLog {
    /// What the log says that there is; `nil` where there is none.
    var replay: EvidenceReplay?
    /// Whether the manifest is one that the log names, or there is no log that could.
    var vouchesForManifest: Bool
    /// Whether there was a log, and it is gone.
    var isLost: Bool
}
