import ArgumentParser
import AuditArchive
import CaptivateIQAPI
import CivilTime
import SystemPackage

/// `captivateiq-export status`.
struct StatusCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Shows what is there and how fresh it is.", discussion: HelpText.status)

    @OptionGroup var common: SettingFlags<SettingTable.Common>

    func run(_ context: ProgramContext) async -> ExitStatus {
        await CommandRunner(context: context, flags: common.values).run(CommonSettings.load) { settings, messages in
            messages.warnOfExposure(settings, context)
            do throws(ArchiveError) {
                let layout = ArchiveLayout(root: settings.archive)
                let manifest = try context.fileSystem.requireManifest(layout).manifest
                let status = ArchiveStatus(manifest, now: context.clock.now())
                let summary = StatusSummary(status, archive: settings.archive.string)
                return CommandRunner.Result(text: summary.text, json: summary.json)
            } catch {
                return CommandRunner.Result(Failure(error))
            }
        }
    }
}
