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

    @OptionGroup var common: SettingFlags<SettingTable.Common>

    func run(_ context: ProgramContext) async -> ExitStatus {
        await CommandRunner(context: context, flags: common.values).run(CommonSettings.load) { settings, _ in
            do throws(ArchiveError) {
                let report = try await Self.rebuild(settings, context)
                let summary = RebuildSummary(report, archive: settings.archive.string)
                return CommandRunner.Result(text: summary.text, json: summary.json, failure: summary.failure)
            } catch {
                return CommandRunner.Result(Failure(error))
            }
        }
    }

    private static func rebuild(
        _ settings: CommonSettings, _ context: ProgramContext
    ) async throws(ArchiveError) -> RebuildReport {
        let rebuild = ArchiveRebuild(
            ArchiveLayout(root: settings.archive), writer: ExportProgram.writer,
            fileSystem: context.fileSystem, processID: PosixProcess.identifier)
        return try await rebuild.run(
            now: context.clock.now(), parallelism: PosixProcess.processorCount)
    }
}
