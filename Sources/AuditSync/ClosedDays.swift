import AuditArchive
import CivilTime

/// What a sync does about days once no more events are waited for: it compares them with the API when they close, and merges
/// their files where that is wanted.
struct ClosedDays {
    private let settings: SyncSettings
    private let context: SyncContext

    init(_ settings: SyncSettings, _ context: SyncContext) {
        self.settings = settings
        self.context = context
    }

    /// Whether there are days to ask the API about, of those that close with `closing`. `before`: the archive as the sync
    /// found it. Of one that has never been complete all days would be new: that is for `reconcile`.
    func mustCheck(_ before: Manifest?, closing: CalendarDay) -> Bool {
        guard let before, before.completeThrough != nil else { return false }
        return !ReconcileScope(closing: closing, before).runs.isEmpty
    }

    /// Asks the API about the days that close, and archives what it has and the archive has not. A failure of the API is only
    /// reported: the days stay unasked for, and are asked for when the next one closes.
    func check(
        closing: CalendarDay, _ limits: ServerLimits, _ report: inout SyncReport
    ) async throws(SyncFailure) -> [CheckedRun] {
        guard let manifest = await context.archive.manifest else { return [] }
        let found = try await Reconciliation.check(
            closing: closing, manifest, settings, context, limits)
        report.add(found.report)
        guard let failure = found.failure else { return found.checks }
        switch failure.kind {
        case .api, .incomplete, .contradictory:
            report.warnings.append("the days that closed could not be checked: \(failure)")
        case .archive, .foreignOrganization, .noneUsable, .malformedRecords, .cancelled: throw failure
        }
        return found.checks
    }

    /// Merges the files of closed days, where that is wanted. Says whether it committed anything. A file system that cannot
    /// exchange folders is only reported.
    func compact(_ skew: ClockSkew, _ report: inout SyncReport) async throws(SyncFailure) -> Bool {
        guard settings.compactsClosedDays else { return false }
        let clock = context.clock
        do {
            let compacted = try await Compaction(context.archive).run(now: { skew.careful(clock.now()) })
            if let obstacle = compacted.obstacle {
                report.warnings.append("the files of closed days were not merged: \(obstacle)")
            }
            report.compactedDays = compacted.dates
            return compacted.commits > 0
        } catch {
            throw SyncFailure(.archive(error))
        }
    }
}
