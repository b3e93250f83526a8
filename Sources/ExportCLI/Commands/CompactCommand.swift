import ArgumentParser
import AuditArchive
import CivilTime
import SystemPackage

/// `captivateiq-export compact`.
struct CompactCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact", abstract: "Merges the files of each closed day into one.",
        discussion: HelpText.compact)

    @OptionGroup var common: SettingFlags<SettingTable.Common>

    @Option(help: ArgumentHelp("Only days before this one, YYYY-MM-DD (default: all closed days).", valueName: "day"))
    var before: String?

    @OptionGroup(title: SettingTable.Storing.title) var storing: SettingFlags<SettingTable.Storing>
    @OptionGroup(title: SettingTable.Signing.title) var signing: SettingFlags<SettingTable.Signing>

    func validate() throws {
        if let before, CalendarDay(before) == nil {
            throw ValidationError("--before has to be a day, such as 2025-01-31, and is \"\(before)\".")
        }
    }

    func run(_ context: ProgramContext) async -> ExitStatus {
        let end = before.flatMap { CalendarDay($0) }
        let flags = common.values.merging(storing.values) { first, _ in first }
            .merging(signing.values) { first, _ in first }
        return await CommandRunner(context: context, flags: flags).run(MaintenanceSettings.loader(context)) {
            settings, messages in
            let job = MaintenanceJob(settings, context, messages)
            let begin = context.clock.uptime()
            do throws(ArchiveError) {
                let report = try await job.run { session async throws(ArchiveError) in
                    try await Compaction(session).run(
                        before: end, now: { context.clock.now() },
                        progress: { done, total in
                            if messages.showsProgress {
                                messages.show(progress: "\(Units.count(done))/\(Units.count(total)) days merged")
                            }
                        })
                }
                let summary = CompactSummary(
                    report, stop: job.stop, archive: settings.common.archive.string,
                    duration: context.clock.uptime() - begin)
                if let warning = summary.warning { messages.alert(warning) }
                return CommandRunner.Result(text: summary.text, json: summary.json, failure: summary.failure)
            } catch {
                return CommandRunner.Result(Failure(error))
            }
        }
    }
}
