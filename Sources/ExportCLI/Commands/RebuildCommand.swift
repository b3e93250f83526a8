import ArgumentParser
import AuditArchive
import CaptivateIQAPI
import CivilTime
import SystemPackage

/// `captivateiq-export rebuild`.
struct RebuildCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "Makes the manifest anew from the data files.",
        discussion: HelpText.rebuild)

    @OptionGroup var common: CommonOptions

    @Option(name: .setting(.lookback), help: ArgumentHelp(.lookback, "duration"))
    var lookback: String?

    func run(_ context: ProgramContext) async -> ExitStatus {
        var flags = common.flags
        flags[.lookback] = lookback
        return await CommandRun(context: context, flags: flags).run(RebuildSettings.load) { settings, _ in
            do throws(ArchiveError) {
                let report = try await Self.rebuild(settings, context)
                let summary = RebuildSummary(report, archive: settings.common.archive.string)
                return CommandRun.Result(text: summary.text, json: summary.json, failure: summary.failure)
            } catch {
                return CommandRun.Result(Failure(error))
            }
        }
    }

    private static func rebuild(
        _ settings: RebuildSettings, _ context: ProgramContext
    ) async throws(ArchiveError) -> RebuildReport {
        let rebuild = ArchiveRebuild(
            ArchiveLayout(root: settings.common.archive), writer: ExportProgram.writer,
            fileSystem: context.fileSystem, processID: PosixProcess.identifier)
        return try await rebuild.run(
            now: context.clock.now(), parallelism: PosixProcess.processorCount)
    }
}
