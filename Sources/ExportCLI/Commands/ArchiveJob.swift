import AuditArchive
import AuditSync
import CaptivateIQAPI
import CivilTime
import Logging

/// One job that needs both the archive and the API: a sync or a comparison. Opens both, runs the engine, stops it when
/// asked, and closes both.
struct ArchiveJob {
    private let configuration: SyncConfiguration
    private let context: ProgramContext
    private let messages: Messages
    private let layout: ArchiveLayout
    private let logger: Logger
    /// What a person should know, written before the job begins.
    private let warnings: [String]
    private let control = StopControl()

    init(_ configuration: SyncConfiguration, _ context: ProgramContext, _ messages: Messages) {
        self.configuration = configuration
        self.context = context
        self.messages = messages
        layout = ArchiveLayout(root: configuration.common.archive)
        logger = messages.logger(configuration.common.output.logLevel)
        warnings = configuration.warnings + ArchivePermissions.warnings(layout, fileSystem: context.fileSystem)
    }

    /// Fetches what is new.
    ///
    /// - Returns: what it did, and why it did not reach its end, if so.
    /// - Throws: why it could not begin; nothing was done then.
    func sync() async throws(Failure) -> (report: SyncReport, failure: Failure?) {
        let reporter = ProgressReporter(messages, logger: logger) { [clock = context.clock] in clock.uptime() }
        var (report, cause) = try await run { session, client in
            let engine = Sync(
                settings: configuration.sync, client: client, archive: session, layout: layout,
                fileSystem: context.fileSystem, clock: context.clock, logger: logger, progress: reporter.report)
            return await engine.run()
        }
        for warning in report.warnings { logger.warning("\(warning)") }
        for alert in report.alerts { messages.alert(alert) }
        report.warnings = warnings + report.alerts + report.warnings
        guard let cause else { return (report, nil) }
        let failure = failure(of: cause)
        if cause.isCancellation { report.outcome = failure.status == .stopped ? .stopped : .interrupted }
        return (report, failure)
    }

    /// Compares the archive with the API; the archive has to be there.
    ///
    /// - Returns: what it found, and why it did not reach its end, if so.
    /// - Throws: why it could not begin; nothing was done then.
    func reconcile(
        _ request: Reconciliation.Request
    ) async throws(Failure) -> (report: ReconcileReport, failure: Failure?) {
        let reporter = ProgressReporter(messages, logger: logger) { [clock = context.clock] in clock.uptime() }
        let (report, cause) = try await run(requiresArchive: true) { session, client in
            let engine = Reconciliation(
                settings: configuration.sync, client: client, archive: session, layout: layout,
                fileSystem: context.fileSystem, clock: context.clock, logger: logger, progress: reporter.report)
            return await engine.run(request)
        }
        for alert in report.alerts { messages.alert(alert) }
        return (report, cause.map(failure))
    }

    /// Why a run did not reach its end, in words.
    private func failure(of cause: SyncFailure) -> Failure {
        var failure = Failure(cause, stop: control.reason)
        if failure.status == .refused { failure.hints.append("The token came from \(configuration.tokenSource).") }
        return failure
    }

    /// Runs an engine between opening and closing what it needs, while signals stop it.
    private func run<Report: Sendable>(
        requiresArchive: Bool = false,
        _ work: @escaping @Sendable (ArchiveSession, APIClient) async -> (Report, SyncFailure?)
    ) async throws(Failure) -> (Report, SyncFailure?) {
        for warning in warnings { logger.warning("\(warning)") }
        let watch = SignalWatch(control, uptime: { [clock = context.clock] in clock.uptime() }) { [logger] reason in
            logger.notice("\(reason.summary); what was received is committed first")
        } end: {
            PosixProcess.endNow($0.status)
        }
        await watch.begin()
        defer { watch.finish() }
        if requiresArchive { try requireArchive() }
        let connection = APIConnection(configuration, context, logger: logger)
        let transport = try connection.transport()
        let session: ArchiveSession
        do {
            session = try openSession()
        } catch {
            await transport.close()
            throw error
        }
        let client = connection.client(
            transport, ledger: RequestLedgerFile(layout, fileSystem: context.fileSystem, logger: logger))
        let result = await untilStopped { await work(session, client) }
        messages.clearProgress()
        await session.close()
        await transport.close()
        return result
    }

    /// Does some work that is cancelled when the program is asked to stop or `max_duration` is over.
    private func untilStopped<Result: Sendable>(_ work: @escaping @Sendable () async -> Result) async -> Result {
        let task = Task { await work() }
        control.onStop { task.cancel() }
        let timer = configuration.maximumDuration.map { limit in
            Task { [clock = context.clock, control] in
                // Cancelled when the work is done first.
                guard (try? await clock.sleep(for: limit)) != nil else { return }
                control.stop(.maximumDuration(limit))
            }
        }
        defer { timer?.cancel() }
        return await task.value
    }
}

extension ArchiveJob {
    /// Checks for a manifest before a session makes folders where no archive is. The first commit of an archive may be
    /// left to the session to finish.
    private func requireArchive() throws(Failure) {
        guard (try? context.fileSystem.status(of: layout.journal)) == nil else { return }
        do {
            _ = try context.fileSystem.requireManifest(layout)
        } catch {
            throw Failure(error)
        }
    }

    private func openSession() throws(Failure) -> ArchiveSession {
        let settings = ArchiveSession.Settings(
            compression: CompressionSettings(
                level: configuration.compressionLevel, parallelism: PosixProcess.processorCount),
            maximumPartSize: configuration.maximumPartSize, writer: ExportProgram.writer)
        do {
            return try ArchiveSession(
                layout, settings, fileSystem: context.fileSystem, processID: PosixProcess.identifier,
                now: context.clock.now())
        } catch {
            throw Failure(error)
        }
    }
}

extension SyncFailure {
    fileprivate var isCancellation: Bool {
        switch kind {
        case .cancelled: true
        case .api(let error): error.kind == .cancelled
        default: false
        }
    }
}
