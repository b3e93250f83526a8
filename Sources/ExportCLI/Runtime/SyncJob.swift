import AuditArchive
import AuditSync
import CaptivateIQAPI
import CivilTime
import Logging

/// One sync from the open archive to the report: puts the parts together, runs the engine, stops it when asked.
struct SyncJob {
    let settings: SyncRunSettings
    let context: ProgramContext
    let messages: Messages
    let control: StopControl

    /// Runs the sync.
    ///
    /// - Throws: why it could not begin; nothing was done then.
    /// - Returns: what it did, and why it did not reach its end, if so.
    func run() async throws(Failure) -> (report: SyncReport, failure: Failure?) {
        let transport = try makeTransport()
        let layout = ArchiveLayout(root: settings.common.archive)
        let session = try await openSession(layout, transport)
        let engine = makeEngine(session, layout, transport)
        let (report, failure) = await untilStopped { await engine.run() }
        messages.clearProgress()
        await session.close()
        await transport.close()
        return result(report, failure)
    }

    /// Opens the archive; where that fails, the transport is closed.
    func openSession(
        _ layout: ArchiveLayout, _ transport: AsyncHTTPTransport
    ) async throws(Failure) -> ArchiveSession {
        do {
            return try ArchiveSession(
                layout, sessionSettings, fileSystem: context.fileSystem, processID: PosixProcess.identifier,
                now: context.clock.now())
        } catch {
            await transport.close()
            throw Failure(error)
        }
    }

    /// Does some work that is cancelled when the program is asked to stop or `max_duration` is over.
    func untilStopped<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) async -> Result {
        let work = Task { await body() }
        control.onStop { work.cancel() }
        let timer = settings.maximumDuration.map { limit in
            Task { [clock = context.clock, control] in
                // Cancelled when the work is done first.
                guard (try? await clock.sleep(for: limit)) != nil else { return }
                control.stop(.maximumDuration(limit))
            }
        }
        defer { timer?.cancel() }
        return await work.value
    }

    private func result(
        _ report: SyncReport, _ failure: SyncFailure?
    ) -> (report: SyncReport, failure: Failure?) {
        let logger = messages.logger(settings.common.output.logLevel)
        for warning in report.warnings { logger.warning("\(warning)") }
        for alert in report.alerts { messages.alert(alert) }
        var report = report
        report.warnings = settings.warnings + report.alerts + report.warnings
        guard let failure else { return (report, nil) }
        let reason = Failure(failure, stop: control.reason)
        if failure.isCancellation { report.outcome = reason.status == .stopped ? .stopped : .interrupted }
        return (report, reason)
    }

    private func makeEngine(
        _ session: ArchiveSession, _ layout: ArchiveLayout, _ transport: any HTTPTransport
    ) -> Sync {
        let logger = messages.logger(settings.common.output.logLevel)
        let client = makeClient(layout, transport, logger)
        let reporter = ProgressReporter(messages, logger: logger) { [clock = context.clock] in clock.uptime() }
        return Sync(
            settings: settings.sync, client: client, archive: session, layout: layout,
            fileSystem: context.fileSystem, clock: context.clock, logger: logger, progress: reporter.report)
    }

    /// The API's client, which remembers the hour's requests in the archive.
    func makeClient(_ layout: ArchiveLayout, _ transport: any HTTPTransport, _ logger: Logger) -> APIClient {
        APIClient(
            settings: settings.api, token: settings.token, transport: transport, clock: context.clock,
            random: { Double.random(in: 0..<1) },
            ledger: RequestLedgerFile(layout, fileSystem: context.fileSystem, logger: logger), logger: logger)
    }

    /// The connections to the API.
    func makeTransport() throws(Failure) -> AsyncHTTPTransport {
        do {
            return try AsyncHTTPTransport(settings: settings.transport, baseURL: settings.api.baseURL)
        } catch {
            guard let source = settings.caFileSource else { throw Failure.bug("\(error)") }
            throw Failure(
                SettingsError([.wrong(.caFile, value: error.path, source, "cannot be used: \(error.reason)")]))
        }
    }

    private var sessionSettings: ArchiveSession.Settings {
        ArchiveSession.Settings(
            compression: CompressionSettings(
                level: settings.compressionLevel, parallelism: PosixProcess.processorCount),
            maximumPartSize: settings.maximumPartSize, writer: ExportProgram.writer)
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
