import AuditArchive
import CaptivateIQAPI
import Logging

extension SyncRun {
    /// Asks the API about the days that this sync closes, and archives what it has and the archive has not.
    ///
    /// What the sync archived is committed before; what is learnt about the days is committed with their closing. A failure
    /// of the API is only told: the days stay unasked for, and are asked for when the next one closes.
    func checkClosingDays() async throws(SyncFailure) {
        // Of an archive that has never been complete all days would be new: that is for `reconcile`.
        guard let before, before.completeThrough != nil, let closing = closingDay,
            !ReconcileScope(closing: closing, before).runs.isEmpty
        else { return }
        try await commit()
        guard let manifest = await context.archive.manifest else { return }
        let scope = ReconcileScope(closing: closing, manifest)
        var choices = ReconcileRun.Choices()
        choices.repairs = true
        choices.recordsChecks = false
        choices.pageLength = windows.pageLength
        let run = try await ReconcileRun(settings, context, manifest, scope, choices)
        let (found, failure) = await run.run()
        note(found)
        checks = await run.checkedRuns
        guard let failure else { return }
        switch failure.kind {
        case .api, .incomplete, .contradictory:
            report.warnings.append("the days that closed could not be checked: \(failure)")
        case .archive, .foreignOrganization, .noneUsable, .malformedRecords, .cancelled: throw failure
        }
    }

    private func note(_ found: ReconcileReport) {
        report.events += found.events
        report.files += found.files
        report.bytes += found.bytes
        report.quarantined += found.quarantined
        report.warnings += found.warnings
        report.alerts += found.alerts
        if found.missingCount > 0 {
            report.warnings.append(
                "\(found.missingCount) events of days that have closed were missing here and are archived now")
        }
        if found.goneCount > 0 {
            report.warnings.append(
                "\(found.goneCount) events of days that have closed are gone from the API; the archive keeps them")
        }
        for run in found.incomplete {
            report.warnings.append("the API's pages did not add up for \(run.first) to \(run.last), which have closed")
        }
    }
}
