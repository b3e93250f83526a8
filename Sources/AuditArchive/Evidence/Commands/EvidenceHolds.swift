package import CivilTime

/// Keeps dates from being pruned and erased from, or no longer: each on record.
package struct EvidenceHolds: Sendable {
    private let session: ArchiveSession

    /// The holds of the archive that the session has opened.
    package init(_ session: ArchiveSession) {
        self.session = session
    }

    /// Holds dates. One of the same name takes the place of the one before.
    ///
    /// - Returns: the archive's generation afterwards; `nil` where there is no archive yet.
    package func hold(_ dates: HeldDates, now: Timestamp) async throws(ArchiveError) -> Int? {
        guard let manifest = await session.manifest else { return nil }
        let hold = Hold(name: dates.name, from: dates.from, to: dates.to, reason: dates.reason)
        var holds = manifest.holds.filter { $0.name != dates.name }
        holds.append(hold)
        return try await commit(holds, .hold(dates), manifest, now)
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
