import AuditArchive
import AuditSync
import CaptivateIQAPI
import Logging

extension SyncJob {
    /// Compares the archive with the API in place of a sync; the archive has to be there.
    ///
    /// - Throws: why it could not begin; nothing was done then.
    /// - Returns: what it found, and why it did not reach its end, if so.
    func reconcile(
        _ request: Reconciliation.Request
    ) async throws(Failure) -> (report: ReconcileReport, failure: Failure?) {
        let layout = ArchiveLayout(root: settings.common.archive)
        do {
            // Before a session makes folders where no archive is. The first commit of one may be left to it to finish.
            if (try? context.fileSystem.status(of: layout.journal)) == nil {
                _ = try context.fileSystem.requireManifest(layout)
            }
        } catch {
            throw Failure(error)
        }
        let transport = try makeTransport()
        let session = try await openSession(layout, transport)
        let logger = messages.logger(settings.common.output.logLevel)
        let engine = Reconciliation(
            settings: settings.sync, client: makeClient(layout, transport, logger), archive: session, layout: layout,
            fileSystem: context.fileSystem, clock: context.clock, logger: logger)
        let (report, failure) = await untilStopped { await engine.run(request) }
        messages.clearProgress()
        await session.close()
        await transport.close()
        for alert in report.alerts { messages.alert(alert) }
        return (report, failure.map { Failure($0, stop: control.reason) })
    }
}
