import AuditArchive
import Logging

extension SyncJob {
    /// Runs a job of the engine that SIGINT and SIGTERM stop, after telling what the settings warn of.
    static func stoppable(
        _ settings: SyncRunSettings, _ context: ProgramContext, _ messages: Messages,
        _ body: (SyncJob) async -> CommandRun.Result
    ) async -> CommandRun.Result {
        let logger = messages.logger(settings.common.output.logLevel)
        var settings = settings
        settings.warnings += ArchivePermissions.warnings(
            ArchiveLayout(root: settings.common.archive), fileSystem: context.fileSystem)
        for warning in settings.warnings { logger.warning("\(warning)") }
        let control = StopControl()
        let signals = await SignalWatch.stopSignals()
        let watch = SignalWatch(end: { PosixProcess.endNow($0.status) }).run(control, on: signals) { reason in
            logger.notice("\(reason.summary); what was received is committed first")
        }
        defer { watch.cancel() }
        return await body(SyncJob(settings: settings, context: context, messages: messages, control: control))
    }
}
