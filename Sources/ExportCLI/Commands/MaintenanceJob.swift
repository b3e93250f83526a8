import AuditArchive
import CivilTime
import Logging
import SystemPackage

/// One job on the archive alone: opens it for writing, does the work, stops it when asked, and closes it.
struct MaintenanceJob {
    private let settings: MaintenanceSettings
    private let context: ProgramContext
    private let messages: Messages
    private let layout: ArchiveLayout
    private let control = StopControl()

    init(_ settings: MaintenanceSettings, _ context: ProgramContext, _ messages: Messages) {
        self.settings = settings
        self.context = context
        self.messages = messages
        layout = ArchiveLayout(root: settings.common.archive)
    }

    /// What the archive's manifest says, without opening it for writing.
    func manifest() throws(ArchiveError) -> Manifest { try context.fileSystem.requireManifest(layout).manifest }

    /// Why the job was stopped from outside; `nil` if it was not.
    var stop: StopReason? { control.reason }

    /// Opens the archive, which has to be there, and does the work; a signal cancels it.
    func run<Result: Sendable>(
        _ work: @escaping @Sendable (ArchiveSession) async throws(ArchiveError) -> Result
    ) async throws(ArchiveError) -> Result {
        messages.warnOfExposure(settings.common, context)
        let logger = messages.logger(settings.common.output.logLevel)
        let watch = SignalWatch(control, uptime: { [clock = context.clock] in clock.uptime() }) { [logger] reason in
            logger.notice("\(reason.summary); what was done is committed first")
        } end: {
            PosixProcess.endNow($0.status)
        }
        await watch.begin()
        defer { watch.finish() }
        var storing = settings.storing.session
        storing.evidence = settings.evidence
        let session = try ArchiveSession(
            layout, storing, creates: nil, fileSystem: context.fileSystem, processID: PosixProcess.identifier,
            now: context.clock.now())
        let task = Task { () async -> Swift.Result<Result, ArchiveError> in
            do throws(ArchiveError) {
                return .success(try await work(session))
            } catch {
                await session.discard()
                return .failure(error)
            }
        }
        control.onStop { task.cancel() }
        let result = await task.value
        messages.clearProgress()
        for warning in await session.warnings { logger.warning("\(warning)") }
        await session.close()
        return try result.get()
    }
}
