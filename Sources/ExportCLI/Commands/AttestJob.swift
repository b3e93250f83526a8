import AuditArchive
import AuditReport
import AuditSync
import CaptivateIQAPI
import CivilTime
import SystemPackage

/// The work of `attest`: compares, verifies, writes the folder.
struct AttestJob {
    private let settings: AttestSettings
    private let context: ProgramContext
    private let messages: Messages

    init(_ settings: AttestSettings, _ context: ProgramContext, _ messages: Messages) {
        self.settings = settings
        self.context = context
        self.messages = messages
    }

    /// Makes the statement of a period.
    func run(_ period: ClosedRange<CalendarDay>, output: FilePath) async -> CommandRunner.Result {
        let folder = OutputFolder(output, fileSystem: context.fileSystem)
        do throws(Failure) {
            try folder.check(outsideOf: settings.common.archive)
            let checks = try await compare(period)
            try folder.begin()
            return try await make(period, checks, folder, output)
        } catch {
            folder.discard()
            return CommandRunner.Result(error)
        }
    }

    /// What the API has of the period's closed days; nil where it is not asked.
    private func compare(_ period: ClosedRange<CalendarDay>) async throws(Failure) -> [CheckedRun]? {
        guard case .api(let configuration) = settings.asking else {
            messages.warnOfExposure(settings.common, context)
            return nil
        }
        var request = ReconcileRequest(from: period.lowerBound, to: period.upperBound)
        request.isRecorded = false
        request.countsEachDay = true
        let (report, failure) = try await ArchiveJob(configuration, context, messages).reconcile(request)
        if var failure {
            failure.hints.append("No statement was written. With --offline it is made of earlier comparisons alone.")
            throw failure
        }
        return report.checks
    }

    private func make(
        _ period: ClosedRange<CalendarDay>, _ checks: [CheckedRun]?, _ folder: OutputFolder, _ output: FilePath
    ) async throws(Failure) -> CommandRunner.Result {
        let archive = settings.common.archive
        var wanted = ArchiveStatement.Settings(
            period, madeAt: context.clock.now(), madeBy: ExportProgram.writer,
            archive: OutputFile.absolute(archive).string, request: PageRequest.form)
        (wanted.trust, wanted.checks, wanted.lookback) = (settings.trust, checks, settings.lookback)
        let logger = messages.logger(settings.common.output.logLevel)
        let reporter = ProgressReporter(messages, logger: logger) { [clock = context.clock] in clock.uptime() }
        let maker = ArchiveStatement(
            ArchiveLayout(root: archive), fileSystem: context.fileSystem, parallelism: PosixProcess.processorCount)
        let outcome: ArchiveStatement.Outcome
        do {
            outcome = try await maker.make(
                wanted, population: folder.place(of: StatementFiles.population), report: reporter.report)
        } catch {
            throw Failure(error)
        }
        switch outcome {
        case .damaged(let verification):
            folder.discard()
            let summary = VerifySummary(verification, archive: archive.string)
            let failure = summary.failure ?? .bug("no fault")
            return CommandRunner.Result(text: summary.text, json: failure.json, failure: failure)
        case .statement(let statement):
            let files = StatementFiles(statement)
            for file in files.list { try folder.add(file.name, file.bytes) }
            try folder.publish()
            let summary = AttestSummary(statement, output: output.string)
            return CommandRunner.Result(text: summary.text, json: summary.json, failure: summary.failure)
        }
    }
}
