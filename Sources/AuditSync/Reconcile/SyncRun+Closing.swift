import AuditArchive
import CaptivateIQAPI
import JSONText
import Logging

extension SyncRun {
    /// Asks the API about the days that closed since the last sync, and archives what it has and the archive has not.
    ///
    /// What the sync archived is committed before. A failure of the API is only told: the days stay unasked for, and are
    /// asked for when the next one closes.
    func checkClosedDays() async throws(SyncFailure) {
        guard let manifest = await context.archive.manifest else { return }
        let scope = ReconcileScope(
            closing: manifest, since: before, lookback: settings.lookback, now: skew.careful(context.clock.now()))
        guard !scope.runs.isEmpty else { return }
        let run = try await ReconcileRun(settings, context, manifest, scope, repairs: true)
        let (found, failure) = await run.run()
        note(found)
        guard let failure else { return }
        switch failure.kind {
        case .api, .incomplete: report.warnings.append("the days that closed could not be checked: \(failure)")
        case .archive, .foreignOrganization, .cancelled: throw failure
        }
    }

    private func note(_ found: ReconcileReport) {
        report.events += found.events
        report.files += found.files
        report.bytes += found.bytes
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
