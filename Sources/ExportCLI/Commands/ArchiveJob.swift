import AuditArchive
import AuditSync
import CaptivateIQAPI
import CivilTime
import Logging
import SystemPackage

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
        let pingTransport = try configuration.pingURL.map { url throws(Failure) in
            try connection.transport(Ping.settings(configuration.transport), to: url.base)
        }
        let result: Result<(report: SyncReport, failure: Failure?), Failure>
        do {
            result = .success(try await sync(pingTransport))
        } catch {
            result = .failure(error)
        }
        await pingTransport?.close()
        return try result.get()
    }

    private func sync(
        _ pingTransport: AsyncHTTPTransport?
    ) async throws(Failure) -> (report: SyncReport, failure: Failure?) {
        try await run(creates: configuration.creates) { hold, transport throws(Failure) in
            let ping = pingTransport.flatMap { transport in
                configuration.pingURL.map {
                    Ping($0, transport: transport, clock: context.clock, version: ExportProgram.version)
                }
            }
            let record = SyncRecord(
                layout, fileSystem: context.fileSystem, hold: hold, metricsFile: configuration.metricsFile, ping: ping,
                clock: context.clock)
            var (report, failure, manifest) = await synchronize(hold, transport)
            if let hint = manifest.flatMap(CompactionAdvice.init) { report.warnings.append(hint.text) }
            let (found, alerts) = (report.warnings, report.alerts)
            report.warnings = warnings + alerts + found
            var ending = await record.finish(report, failure, manifest, isSilent: isSilent)
            say(found + ending.warnings, alerts: alerts)
            ending.report.warnings += ending.warnings
            return (ending.report, ending.failure)
        }
    }

    /// Whether nobody has to hear of a failure of a sync.
    func isSilent(_ failure: Failure) -> Bool {
        guard configuration.common.output.quiet else { return false }
        let freshness = FreshnessFile(layout, context.fileSystem).load()
        return Silence.covers(failure, lastSuccess: freshness?.lastSuccessAt, now: context.clock.now())
    }

    /// Runs the sync on the archive whose lock is held. Returns what is in the archive then, as far as that is known.
    private func synchronize(
        _ hold: ArchiveHold, _ transport: AsyncHTTPTransport
    ) async -> (report: SyncReport, failure: Failure?, manifest: Manifest?) {
        var report = SyncReport()
        let session: ArchiveSession
        do throws(ArchiveError) {
            session = try ArchiveSession(hold, sessionSettings)
        } catch {
            report.outcome = .failed
            return (report, Failure(error), nil)
        }
        let reporter = ProgressReporter(messages, logger: logger) { [clock = context.clock] in clock.uptime() }
        let engine = Sync(
            settings: configuration.sync, client: makeClient(transport), archive: session, layout: layout,
            fileSystem: context.fileSystem, clock: context.clock, logger: logger, progress: reporter.report,
            begun: { [messages, layout] begun in messages.alert(begun.announcement(layout.root.string)) })
        let cause: SyncFailure?
        (report, cause) = await untilStopped { await engine.run() }
        let failure = cause.map(failure)
        if let failure, let cause, cause.isCancellation {
            report.outcome = failure.status == .stopped ? .stopped : .interrupted
        }
        return (report, failure, await session.manifest)
    }

    /// Compares the archive with the API; the archive has to be there. Where nothing is to be recorded, nothing is changed.
    ///
    /// - Returns: what it found, and why it did not reach its end, if so.
    /// - Throws: why it could not begin; nothing was done then.
    func reconcile(
        _ request: ReconcileRequest
    ) async throws(Failure) -> (report: ReconcileReport, failure: Failure?) {
        try await run(creates: nil) { hold, transport throws(Failure) in
            let session: ArchiveSession
            do throws(ArchiveError) {
                if !request.isRecorded { try hold.requireNoCommit() }
                session = try ArchiveSession(hold, sessionSettings)
            } catch {
                throw Failure(error)
            }
            let reporter = ProgressReporter(messages, logger: logger) { [clock = context.clock] in clock.uptime() }
            let engine = Reconciliation(
                settings: configuration.sync, client: makeClient(transport), archive: session, layout: layout,
                fileSystem: context.fileSystem, clock: context.clock, logger: logger, progress: reporter.report)
            let (report, cause) = await untilStopped { await engine.run(request) }
            say([], alerts: report.alerts)
            return (report, cause.map(failure))
        }
    }

    /// Why a run did not reach its end, in words.
    private func failure(of cause: SyncFailure) -> Failure {
        var failure = Failure(cause, stop: control.reason)
        if failure.status == .refused { failure.hints.append("The token came from \(configuration.tokenSource).") }
        return failure
    }

    /// Says what a person should know, and `warnings` first. With `quiet` each kind of warning is said once a day; the alerts
    /// of a run are about this run.
    private func say(_ found: [String], alerts: [String]) {
        let all = warnings + found
        if configuration.common.output.quiet, configuration.common.output.logLevel <= .warning {
            var memory = WarningMemory(layout, context.fileSystem)
            for warning in memory.take(all, at: context.clock.now()) { messages.alert(warning) }
        } else {
            for warning in found { logger.warning("\(warning)") }
        }
        for alert in alerts { messages.alert(alert) }
    }

    /// Does some work between taking the archive's lock and giving it up, while signals stop it.
    ///
    /// - Parameter creates: whether a new archive may begin; nil where there has to be one.
    private func run<Outcome>(
        creates: Bool?, _ work: (ArchiveHold, AsyncHTTPTransport) async throws(Failure) -> Outcome
    ) async throws(Failure) -> Outcome {
        for warning in warnings { logger.warning("\(warning)") }
        let watch = SignalWatch(control, uptime: { [clock = context.clock] in clock.uptime() }) { [logger] reason in
            logger.notice("\(reason.summary); what was received is committed first")
        } end: {
            PosixProcess.endNow($0.status)
        }
        await watch.begin()
        defer { watch.finish() }
        let transport = try connection.transport()
        let hold: ArchiveHold
        do {
            hold = try takeHold(creates: creates)
        } catch {
            await transport.close()
            throw error
        }
        let outcome: Result<Outcome, Failure>
        do {
            outcome = .success(try await work(hold, transport))
        } catch {
            outcome = .failure(error)
        }
        messages.clearProgress()
        hold.release()
        await transport.close()
        return try outcome.get()
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
    private func takeHold(creates: Bool?) throws(Failure) -> ArchiveHold {
        do {
            return try ArchiveHold(
                layout, creates: creates, fileSystem: context.fileSystem, processID: PosixProcess.identifier,
                now: context.clock.now())
        } catch {
            throw Failure(error)
        }
    }

    private var sessionSettings: ArchiveSessionSettings {
        var storing = configuration.storing.session
        storing.evidence = EvidenceSettings(host: configuration.api.baseURL.host, signer: configuration.signer)
        return storing
    }

    private var connection: APIConnection { APIConnection(configuration, context, logger: logger) }

    /// The API's client, which remembers the hour's requests in the archive.
    private func makeClient(_ transport: any HTTPTransport) -> APIClient {
        connection.client(transport, ledger: RequestLedgerFile(layout, fileSystem: context.fileSystem, logger: logger))
    }
}

extension NewArchive {
    /// What a person should know of a new archive, which may have begun by mistake.
    func announcement(_ archive: String) -> String {
        let isMidnight = startTimestamp == startTimestamp.day.start
        let start = isMidnight ? "\(startTimestamp.day)" : Units.moment(startTimestamp)
        let known = pastEvents.map { $0 > 0 ? " The API has \(Units.count($0, "event")) from before." : "" } ?? ""
        return
            "A new archive was begun at \(archive), from \(start) on; nothing earlier will be fetched.\(known) To fetch the "
            + "past too, run once with its first day: captivateiq-export sync --backfill-start-time YYYY-MM-DD"
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
