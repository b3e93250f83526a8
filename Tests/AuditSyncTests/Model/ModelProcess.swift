import ArchiveTestSupport
import AuditArchive
@testable import AuditSync
import CaptivateIQAPI
import CivilTime
import Logging
import SyncTestSupport

/// One run of the program as far as archive and API can tell: at the time that it believes in, on a file system that may die.
struct ModelProcess {
    /// How a run ended.
    struct Outcome {
        var failure: SyncFailure?
        /// What was thrown instead.
        var error: ArchiveError?
        var warnings: [String] = []
        var comparison: ReconcileReport?
        var rebuild: RebuildReport?
        /// Whether the process died.
        var isDead = false
        var requests = 0
        /// The days from which it asked for events.
        var starts: Set<String> = []

        /// Whether it ended well.
        var isOK: Bool { failure == nil && error == nil && !isDead }
    }

    let harness: SyncHarness
    let model: ModelCase
    let round: ModelRound
    let disk: MemoryFileSystem
    /// The id of the event that is to be erased.
    var erased: String?

    /// Runs a command of the archive.
    func run(_ command: ModelRound.Command) async throws -> Outcome {
        let faulty: FaultyFileSystem? =
            if case .death(let call) = round.stop {
                FaultyFileSystem(disk, .number(call), .stops, synchronizes: false)
            } else {
                nil
            }
        var outcome = Outcome()
        do throws(ArchiveError) {
            switch command {
            case .sync: outcome = try await sync(faulty ?? disk)
            case .reconcile(let repairs, let from, let to):
                outcome = try await reconcile(faulty ?? disk, request(from, to, repairs: repairs))
            case .acceptGone(let from, let to):
                outcome = try await reconcile(faulty ?? disk, request(from, to, acceptsGone: true))
            case .retryQuarantine:
                outcome = try await reconcile(faulty ?? disk, ReconcileRequest(retriesQuarantine: true))
            case .compact: outcome = try await compact(faulty ?? disk)
            case .prune(let days): outcome = try await prune(faulty ?? disk, keeping: days)
            case .erase: outcome = try await erase(faulty ?? disk)
            case .hold(let from, let to): outcome = try await hold(faulty ?? disk, from, to)
            case .rebuild: outcome.rebuild = try await rebuild(faulty ?? disk)
            case .restore: break
            }
        } catch {
            outcome.error = error
        }
        outcome.isDead = faulty?.hasStruck ?? false
        return outcome
    }

    /// The time that the process believes in.
    var clock: any TimeSource { harness.localClock ?? harness.clock }

    private var settings: SyncSettings {
        let start = round.start.map { SyncHarness.begin - .seconds(3_600 * $0) } ?? ModelTruth.start
        var settings = SyncSettings(
            backfillStart: start, lookback: .seconds(3_600 * round.lookback),
            pageSize: model.pageSize, concurrency: model.concurrency)
        settings.compactsClosedDays = model.compacts
        if model.cutsSilently { settings.shortestCut = 1 }
        return settings
    }

    private func sync(_ fileSystem: any FileSystem) async throws(ArchiveError) -> Outcome {
        try await withSession(fileSystem) { session, client, layout in
            let engine = Sync(
                settings: settings, client: client, archive: session, layout: layout, fileSystem: fileSystem,
                clock: SleeplessClock(clock), logger: Self.silence, progress: { _ in })
            let (report, failure) = await engine.run()
            return Outcome(failure: failure, warnings: report.warnings)
        }
    }

    /// `from`, `to`: days back from today.
    private func request(
        _ from: Int?, _ to: Int?, repairs: Bool = false, acceptsGone: Bool = false
    ) -> ReconcileRequest {
        let today = harness.clock.now().day
        return ReconcileRequest(
            from: from.map { today.advanced(by: -$0) }, to: to.map { today.advanced(by: -$0) }, repairs: repairs,
            acceptsGone: acceptsGone)
    }

    private func reconcile(
        _ fileSystem: any FileSystem, _ request: ReconcileRequest
    ) async throws(ArchiveError) -> Outcome {
        try await withSession(fileSystem) { session, client, layout in
            let engine = Reconciliation(
                settings: settings, client: client, archive: session, layout: layout, fileSystem: fileSystem,
                clock: SleeplessClock(clock), logger: Self.silence)
            let (report, failure) = await engine.run(request)
            return Outcome(failure: failure, comparison: report)
        }
    }

    private func compact(_ fileSystem: any FileSystem) async throws(ArchiveError) -> Outcome {
        let clock = clock
        return try await withArchive(fileSystem) { session throws(ArchiveError) in
            let report = try await Compaction(session).run { clock.now() }
            if let obstacle = report.obstacle { throw obstacle }
        }
    }

    private func prune(_ fileSystem: any FileSystem, keeping days: Int) async throws(ArchiveError) -> Outcome {
        let now = clock.now()
        return try await withArchive(fileSystem) { session throws(ArchiveError) in
            _ = try await Pruning(keeping: days).run(session, now: now)
        }
    }

    private func erase(_ fileSystem: any FileSystem) async throws(ArchiveError) -> Outcome {
        guard let erased else { return Outcome() }
        let now = clock.now()
        return try await withArchive(fileSystem) { session throws(ArchiveError) in
            let erasure = Erasure(
                session, harness.layout, fileSystem: fileSystem,
                compression: CompressionSettings(level: 1, parallelism: 1))
            _ = try await erasure.run(id: erased, reason: "asked for", now: now)
        }
    }

    private func hold(_ fileSystem: any FileSystem, _ from: Int, _ to: Int) async throws(ArchiveError) -> Outcome {
        let (now, today) = (clock.now(), harness.clock.now().day)
        let dates = HeldDates(
            from: today.advanced(by: -from), to: today.advanced(by: -to), reason: "asked for", name: "\(round.seed)")
        return try await withArchive(fileSystem) { session throws(ArchiveError) in
            _ = try await EvidenceHolds(session).hold(dates, now: now)
        }
    }

    /// Opens the archive for a command that asks nobody, and closes it.
    private func withArchive(
        _ fileSystem: any FileSystem, _ body: (ArchiveSession) async throws(ArchiveError) -> Void
    ) async throws(ArchiveError) -> Outcome {
        let session = try openSession(fileSystem)
        do throws(ArchiveError) {
            try await body(session)
            await session.close()
        } catch {
            await session.close()
            throw error
        }
        return Outcome()
    }

    private func openSession(_ fileSystem: any FileSystem) throws(ArchiveError) -> ArchiveSession {
        try ArchiveSession(
            harness.layout,
            ArchiveSessionSettings(
                compression: CompressionSettings(level: 1, parallelism: 1), maximumPartSize: 20_000, writer: "tests"),
            fileSystem: fileSystem, processID: 1, now: clock.now())
    }

    private func rebuild(_ fileSystem: any FileSystem) async throws(ArchiveError) -> RebuildReport {
        try await ArchiveRebuild(harness.layout, writer: "tests", fileSystem: fileSystem, processID: 1)
            .run(now: clock.now(), parallelism: 1)
    }

    /// Opens the archive for a command that the round's stop ends, and closes it.
    private func withSession(
        _ fileSystem: any FileSystem,
        _ body: @escaping @Sendable (ArchiveSession, APIClient, ArchiveLayout) async -> Outcome
    ) async throws(ArchiveError) -> Outcome {
        let session = try openSession(fileSystem)
        let server = MovingServer(harness, model, round)
        guard let client = try? harness.makeClient(server) else { preconditionFailure("the settings are sound") }
        let work = Task { [layout = harness.layout] in await body(session, client, layout) }
        server.onCancellation { work.cancel() }
        var outcome = await work.value
        await session.close()
        outcome.requests = server.requests
        outcome.starts = server.starts
        return outcome
    }

    private static let silence = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
}

/// A clock whose sleeps last until they are cancelled: the engine's timer would move the time.
struct SleeplessClock: TimeSource {
    private let clock: any TimeSource
    private let sleeper = ManualClock()

    init(_ clock: any TimeSource) { self.clock = clock }

    func now() -> Timestamp { clock.now() }

    func uptime() -> Duration { clock.uptime() }

    func sleep(for duration: Duration) async throws(CancellationError) { try await sleeper.sleep(for: duration) }
}
