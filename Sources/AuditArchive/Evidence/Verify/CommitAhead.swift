/// A commit of which the log and the signed head have been published and the manifest not yet, as a crash may leave it.
struct CommitAhead {
    /// The key that signs as of this commit.
    let key: VerifierKey?

    /// Whether that key began without a signature of the one before it.
    let isOldKeyLost: Bool

    /// The commit with the head `newest`; `nil` unless the log as it stands has just that one commit behind what the manifest
    /// knows of, and the head is that of its end.
    ///
    /// - Parameter replay: what the log says up to the manifest's head, `head`.
    init?(
        _ newest: Checkpoint?, behind manifest: Manifest, _ head: EvidenceHead, _ replay: EvidenceReplay,
        _ log: EvidenceLog
    ) throws(ArchiveError) {
        guard let newest, newest.entries > head.entries else { return nil }
        var (ahead, commits, isReadable) = (replay, 0, true)
        let hasHead = try log.has(newest) { line in
            guard isReadable, (head.entries..<newest.entries).contains(line.index) else { return }
            do throws(OperationError) {
                try ahead.apply(line)
            } catch {
                isReadable = false
            }
            if ahead.endsWithCommit { commits += 1 }
        }
        // Not always the next generation: where an older copy was put back, those that it had given away are passed over.
        guard hasHead, isReadable, commits == 1, ahead.endsWithCommit,
            let generation = ahead.lastCommit?.generation, generation > manifest.generation
        else { return nil }
        key = ahead.key
        isOldKeyLost = ahead.isOldKeyLost
    }

    /// The keys that have to have signed its head: the one that signs from here on, last, and the one before it, `old`.
    func signers(after old: VerifierKey?) -> [VerifierKey] {
        guard let key else { return [] }
        guard let old, !old.isSameKey(as: key), !isOldKeyLost else { return [key] }
        return [old, key]
    }
}
