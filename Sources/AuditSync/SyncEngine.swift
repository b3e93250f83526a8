package import AuditArchive
import CaptivateIQAPI
package import CivilTime
package import Logging

/// One sync: finds out what is new, archives it, and says what it did.
///
/// Cancelling the task that runs it is the way to stop it: it ends the requests in flight, commits what was received, and
/// returns with the failure `cancelled`.
package struct SyncEngine: Sendable {
    private let settings: SyncSettings
    private let context: SyncContext

    /// An engine that has done nothing yet. The archive stays open afterwards; closing it is the caller's.
    package init(
        settings: SyncSettings, client: any PageSource, archive: ArchiveSession, layout: ArchiveLayout,
        fileSystem: any FileSystem, clock: any TimeSource, logger: Logger,
        progress: @escaping @Sendable (SyncProgress) -> Void
    ) {
        self.settings = settings
        let hints = HintStore(fileSystem: fileSystem, layout: layout)
        context = SyncContext(
            client: NarrowingSource(client, memory: MalformedMemory(hints)), archive: archive, hints: hints,
            clock: clock,
            logger: logger, progress: progress)
    }

    /// Runs the sync to its end or its failure.
    package func run() async -> (report: SyncReport, failure: SyncFailure?) {
        do {
            return await (try SyncRun(settings, context)).run()
        } catch {
            var report = SyncReport()
            report.outcome = .failed
            return (report, error)
        }
    }
}

/// What a sync works with.
struct SyncContext: Sendable {
    let client: any PageSource
    let archive: ArchiveSession
    let hints: HintStore
    let clock: any TimeSource
    let logger: Logger
    let progress: @Sendable (SyncProgress) -> Void
}
