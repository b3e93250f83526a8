package import AuditArchive
import CaptivateIQAPI
package import CivilTime
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
        /// Whether it is accepted that the vendor no longer has some events: no later comparison reports them.
        package var acceptsGone: Bool
        /// Whether the days of what is in quarantine are asked for instead, closed or not, and what is usable by now is
        /// archived.
        package var retriesQuarantine: Bool

        /// Gathers the choices.
        package init(
            from: CalendarDay? = nil, to: CalendarDay? = nil, repairs: Bool = false, acceptsGone: Bool = false,
            retriesQuarantine: Bool = false
        ) {
            self.from = from
            self.to = to
            self.repairs = repairs
            self.acceptsGone = acceptsGone
            self.retriesQuarantine = retriesQuarantine
        }
    }

    private let settings: SyncSettings
    private let context: SyncContext

    /// An engine that has done nothing yet, with page size, concurrency and look-back from `settings`. The archive stays
    /// open afterwards; closing it is the caller's.
    package init(
        settings: SyncSettings, client: any PageSource, archive: ArchiveSession, layout: ArchiveLayout,
        fileSystem: any FileSystem, clock: any TimeSource, logger: Logger
    ) {
        self.settings = settings
        let hints = HintStore(fileSystem: fileSystem, layout: layout)
        context = SyncContext(
            client: NarrowingSource(client, memory: MalformedMemory(hints)), archive: archive, hints: hints,
            clock: clock,
            logger: logger, progress: { _ in })
    }

    /// Compares the closed days that are asked for. An archive that is yet to begin agrees with everything.
    package func run(_ request: Request) async -> (report: ReconcileReport, failure: SyncFailure?) {
        guard let manifest = await context.archive.manifest else { return (ReconcileReport(), nil) }
        do throws(SyncFailure) {
            let scope = try await scope(of: request, manifest)
            var choices = ReconcileRun.Choices()
            choices.repairs = request.repairs || request.retriesQuarantine
            choices.retriesQuarantine = request.retriesQuarantine
            choices.acceptsGone = request.acceptsGone
            choices.sample = Self.sample(of: scope.runs, on: context.clock.now().day)
            let run = try await ReconcileRun(settings, context, manifest, scope, choices)
            let (report, failure) = await run.run()
            await context.client.saveLedger()
            return (report, failure)
        } catch {
            var report = ReconcileReport()
            report.isFailed = true
            return (report, error)
        }
    }

    private func scope(of request: Request, _ manifest: Manifest) async throws(SyncFailure) -> ReconcileScope {
        let now = context.clock.now()
        guard request.retriesQuarantine else {
            return ReconcileScope(
                manifest, lookback: settings.lookback, now: now, from: request.from, to: request.to,
                repairs: request.repairs)
        }
        do {
            return ReconcileScope(
                of: try await context.archive.quarantinedDays(), manifest, lookback: settings.lookback, now: now,
                from: request.from, to: request.to)
        } catch {
            throw SyncFailure(.archive(error))
        }
    }

    /// A day whose ids are compared in any case: another one each day.
    private static func sample(of runs: [DayRun], on today: CalendarDay) -> CalendarDay? {
        guard let longest = runs.max(by: { $0.count < $1.count }) else { return nil }
        return longest.first.advanced(by: CalendarDay.first.days(until: today) % longest.count)
    }
}
