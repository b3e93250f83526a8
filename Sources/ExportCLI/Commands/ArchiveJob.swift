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
        let failure = Failure(cause, stop: control.reason)
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
        let (report, cause) = try await run(requiresArchive: true) { session, client in
            let engine = Reconciliation(
                settings: configuration.sync, client: client, archive: session, layout: layout,
                fileSystem: context.fileSystem, clock: context.clock, logger: logger)
            return await engine.run(request)
        }
        for alert in report.alerts { messages.alert(alert) }
        return (report, cause.map { Failure($0, stop: control.reason) })
    }

    /// Runs an engine between opening and closing what it needs, while signals stop it.
    private func run<Report: Sendable>(
        requiresArchive: Bool = false,
        _ work: @escaping @Sendable (ArchiveSession, APIClient) async -> (Report, SyncFailure?)
    ) async throws(Failure) -> (Report, SyncFailure?) {
        for warning in warnings { logger.warning("\(warning)") }
        let watch = SignalWatch(control) { [logger] reason in
            logger.notice("\(reason.summary); what was received is committed first")
        } end: {
            PosixProcess.endNow($0.status)
        }
        await watch.begin()
        defer { watch.finish() }
        if requiresArchive { try requireArchive() }
        let transport = try makeTransport()
        let session: ArchiveSession
        do {
            session = try openSession()
        } catch {
            await transport.close()
            throw error
        }
        let client = makeClient(transport)
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
        var storing = configuration.storing.session
        storing.evidence = EvidenceSettings(host: configuration.api.baseURL.host, signer: configuration.signer)
        do {
            return try ArchiveSession(
                layout, storing, fileSystem: context.fileSystem, processID: PosixProcess.identifier,
                now: context.clock.now())
        } catch {
            throw Failure(error)
        }
    }

    /// The connections to the API.
    private func makeTransport() throws(Failure) -> AsyncHTTPTransport {
        do {
            return try AsyncHTTPTransport(settings: configuration.transport, baseURL: configuration.api.baseURL)
        } catch {
            guard let source = configuration.caFileSource else { throw Failure.bug("\(error)") }
            let setting = SettingTable.connection.caFile.setting
            let problem = SettingProblem.wrong(setting, value: error.path, source, "cannot be used: \(error.reason)")
            throw Failure(SettingsError(problems: [problem]))
        }
    }

    /// The API's client, which remembers the hour's requests in the archive.
    private func makeClient(_ transport: any HTTPTransport) -> APIClient {
        APIClient(
            settings: configuration.api, token: configuration.token, transport: transport, clock: context.clock,
            random: { Double.random(in: 0..<1) },
            ledger: RequestLedgerFile(layout, fileSystem: context.fileSystem, logger: logger), logger: logger)
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
