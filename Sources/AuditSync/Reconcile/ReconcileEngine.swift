package import AuditArchive
package import CaptivateIQAPI
package import JSONText
package import Logging

/// Compares an archive with the API, and archives what is missing if told to.
///
/// Cancelling the task that runs it is the way to stop it: what was learnt and archived until then is committed.
package struct ReconcileEngine: Sendable {
    /// What a person can choose about a comparison.
    package struct Request: Sendable {
        /// The first day to compare; `nil` for the archive's first.
        package var from: CalendarDay?
        /// The last day to compare; `nil` for the newest closed one.
        package var to: CalendarDay?
        /// Whether missing events are archived.
        package var repairs: Bool

        /// Gathers the choices.
        package init(from: CalendarDay? = nil, to: CalendarDay? = nil, repairs: Bool = false) {
            self.from = from
            self.to = to
            self.repairs = repairs
        }
    }

    private let settings: SyncSettings
    private let context: SyncContext

    /// An engine that has done nothing yet, with page size, concurrency and look-back from `settings`. The archive stays
    /// open afterwards; closing it is the caller's.
    package init(
        settings: SyncSettings, client: any PageSource, archive: ArchiveSession, layout: ArchiveLayout,
        fileSystem: any FileSystem, clock: any APIClock, logger: Logger
    ) {
        self.settings = settings
        context = SyncContext(
            client: client, archive: archive, hints: HintStore(fileSystem: fileSystem, layout: layout), clock: clock,
            logger: logger, progress: { _ in })
    }

    /// Compares the closed days that are asked for. An archive that is yet to begin agrees with everything.
    package func run(_ request: Request) async -> (report: ReconcileReport, failure: SyncFailure?) {
        guard let manifest = await context.archive.manifest else { return (ReconcileReport(), nil) }
        let scope = ReconcileScope(
            manifest, lookback: settings.lookback, now: context.clock.now(), from: request.from, to: request.to)
        do {
            let run = try await ReconcileRun(settings, context, manifest, scope, repairs: request.repairs)
            let (report, failure) = await run.run()
            await context.client.saveLedger()
            return (report, failure)
        } catch {
            var report = ReconcileReport()
            report.isFailed = true
            return (report, error)
        }
    }
}
