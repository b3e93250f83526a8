import ArgumentParser
import AuditArchive
import CivilTime
import SystemPackage

/// `captivateiq-export rebuild`.
struct RebuildCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "Makes the manifest anew from the data files.",
        discussion: HelpText.rebuild)

    @OptionGroup var common: SettingFlags<SettingTable.Common>
    @OptionGroup(title: SettingTable.Signing.title) var signing: SettingFlags<SettingTable.Signing>

    func run(_ context: ProgramContext) async -> ExitStatus {
        let flags = common.values.merging(signing.values) { first, _ in first }
        return await CommandRunner(context: context, flags: flags).run(
            { (reader) throws(SettingsError) in try MaintenanceSettings.load(&reader, context.fileSystem) }
        ) { settings, _ in
            do throws(ArchiveError) {
                let report = try await Self.rebuild(settings, context)
                let summary = RebuildSummary(report, archive: settings.common.archive.string)
                return CommandRunner.Result(text: summary.text, json: summary.json, failure: summary.failure)
            } catch {
                return CommandRunner.Result(Failure(error))
            }
        }
    }

    private static func rebuild(
        _ settings: MaintenanceSettings, _ context: ProgramContext
    ) async throws(ArchiveError) -> RebuildReport {
        let rebuild = ArchiveRebuild(
            ArchiveLayout(root: settings.common.archive), writer: ExportProgram.writer,
            fileSystem: context.fileSystem, processID: PosixProcess.identifier, evidence: settings.evidence)
        return try await rebuild.run(
            now: context.clock.now(), parallelism: PosixProcess.processorCount)
    }
}
