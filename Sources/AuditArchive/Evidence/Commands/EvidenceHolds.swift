package import CivilTime

/// Keeps dates from being pruned and erased from, or no longer: each on record.
package struct EvidenceHolds: Sendable {
    private let session: ArchiveSession

    /// The holds of the archive that the session has opened.
    package init(_ session: ArchiveSession) {
        self.session = session
    }

    /// What came of a hold.
    package enum Outcome: Sendable {
        /// The dates are held; the archive's generation afterwards.
        case held(generation: Int?)
        /// There is no archive yet.
        case absent
        /// Another hold has that name: nothing but a release ends it.
        case nameTaken(Hold)
    }

    /// Holds dates.
    package func hold(_ dates: HeldDates, now: Timestamp) async throws(ArchiveError) -> Outcome {
        guard let manifest = await session.manifest else { return .absent }
        if let other = manifest.holds.first(where: { $0.name == dates.name }) { return .nameTaken(other) }
        let hold = Hold(name: dates.name, from: dates.from, to: dates.to, reason: dates.reason)
        return .held(generation: try await commit(manifest.holds + [hold], .hold(dates), manifest, now))
    }

    /// Releases what was held by this name.
    ///
    /// - Returns: the archive's generation afterwards; `nil` where nothing is held by that name.
    package func release(_ name: String, reason: String, now: Timestamp) async throws(ArchiveError) -> Int? {
        guard let manifest = await session.manifest, let hold = manifest.holds.first(where: { $0.name == name }) else {
            return nil
        }
        let rest = manifest.holds.filter { $0.name != name }
        return try await commit(rest, .release(HeldDates(hold, reason: reason)), manifest, now)
    }

    private func commit(
        _ holds: [Hold], _ operation: EvidenceOperation, _ manifest: Manifest, _ now: Timestamp
    ) async throws(ArchiveError) -> Int? {
        await session.stage { change in
            change.holds = holds
            change.operations = [operation]
        }
        return try await session.commit(CommitMetadata(keeping: manifest, now: now))?.generation
    }
}
