package import CivilTime

/// Signs the head of the log, or has another key sign from now on.
package struct EvidenceSigning: Sendable {
    private let session: ArchiveSession
    private let settings: EvidenceSettings

    /// What signing did.
    package enum Outcome: Sendable, Equatable {
        /// All entries were signed before.
        case nothingToDo
        /// So many entries are signed that were not before.
        case signed(entries: Int)
    }

    /// Signing of the archive that the session has opened with these settings.
    package init(_ session: ArchiveSession, _ settings: EvidenceSettings) {
        self.session = session
        self.settings = settings
    }

    /// Signs what is not signed yet.
    ///
    /// - Returns: what it did; `nil` where there is no archive yet.
    /// - Throws: `ArchiveError` of the kind `damaged` where the log is not the one that the key has signed before.
    package func run(now: Timestamp) async throws(ArchiveError) -> Outcome? {
        guard let manifest = await session.manifest else { return nil }
        let before = await session.signedEntries
        let mustCommit = settings.rotation != nil || settings.adoption != nil
        // Before another key can take over, this one has to have signed everything, unless it is lost.
        var isSigned = true
        if settings.signer != nil, settings.adoption == nil { isSigned = try await session.signHead() }
        if !isSigned || mustCommit {
            await session.stage { $0.isForEvidence = true }
            _ = try await session.commit(CommitMetadata(keeping: manifest, now: now))
        }
        let signed = await session.signedEntries - before
        return signed == 0 ? .nothingToDo : .signed(entries: signed)
    }
}
