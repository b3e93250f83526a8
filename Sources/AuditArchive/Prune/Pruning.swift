package import CivilTime

/// Takes whole closed dates out of an archive for good, on record: nothing brings them back.
package struct Pruning: Sendable {
    /// How many of the last days stay.
    package let days: Int

    /// A retention of so many days before today.
    package init(keeping days: Int) {
        self.days = days
    }

    /// What would go today.
    ///
    /// - Throws: where a quarantine file cannot be read.
    package func plan(
        _ manifest: Manifest, _ layout: ArchiveLayout, _ fileSystem: any FileSystem, today: CalendarDay
    ) throws(ArchiveError) -> PrunePlan {
        let quarantine = QuarantinePruning(archive: ArchiveDirectory(layout, fileSystem))
        return PrunePlan(
            manifest, before: today.advanced(by: -days), quarantined: try quarantine.dates(manifest.quarantine))
    }

    /// Takes away what is too old today, in one commit. Returns what went, and the archive's generation afterwards.
    ///
    /// - Throws: where a quarantine file is damaged, or the archive cannot be written.
    package func run(
        _ session: ArchiveSession, now: Timestamp
    ) async throws(ArchiveError) -> (plan: PrunePlan, generation: Int) {
        guard let manifest = await session.manifest else { return (PrunePlan(), 0) }
        let plan = PrunePlan(
            manifest, before: now.day.advanced(by: -days), quarantined: try await session.quarantinedDates())
        if !plan.isEmpty {
            let metadata = CommitMetadata(keeping: manifest, now: now)
            try await session.stage(plan, reason: "retention \(days)d", at: metadata.now)
            _ = try await session.commit(metadata)
        }
        return (plan, await session.manifest?.generation ?? 0)
    }
}
