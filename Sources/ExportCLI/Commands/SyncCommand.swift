import ArgumentParser
import AuditArchive

/// `captivateiq-export sync`.
struct SyncCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Fetches what is new and commits it.", discussion: HelpText.sync)

    @OptionGroup var common: SettingFlags<SettingTable.Common>
    @OptionGroup(title: SettingTable.Beginning.title) var beginning: SettingFlags<SettingTable.Beginning>
    @OptionGroup(title: SettingTable.Keeping.title) var keeping: SettingFlags<SettingTable.Keeping>
    @OptionGroup(title: SettingTable.Storing.title) var storing: SettingFlags<SettingTable.Storing>
    @OptionGroup(title: SettingTable.Signing.title) var signing: SettingFlags<SettingTable.Signing>
    @OptionGroup(title: SettingTable.Limits.title) var limits: SettingFlags<SettingTable.Limits>
    @OptionGroup(title: SettingTable.Connection.title) var connection: SettingFlags<SettingTable.Connection>
    @OptionGroup(title: SettingTable.Monitoring.title) var monitoring: SettingFlags<SettingTable.Monitoring>

    func run(_ context: ProgramContext) async -> ExitStatus {
        await CommandRunner(context: context, flags: flags).run(
            { (reader) throws(SettingsError) in try SyncConfiguration(&reader, fileSystem: context.fileSystem) },
            json: { SyncSummary($0).json }
        ) { configuration, messages in
            let job = ArchiveJob(configuration, context, messages)
            do throws(Failure) {
                let (report, failure) = try await job.sync()
                let summary = SyncSummary(report, failure: failure)
                return CommandRunner.Result(
                    text: summary.text, json: summary.json, failure: failure,
                    isSilent: failure.map(job.isSilent) ?? false)
            } catch {
                return CommandRunner.Result(
                    json: SyncSummary(error).json, failure: error, isSilent: job.isSilent(error))
            }
        }
    }

    /// The flags that were given, by the settings' names.
    var flags: [String: String] {
        [
            common.values, beginning.values, keeping.values, storing.values, signing.values, limits.values,
            connection.values, monitoring.values
        ].reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    }
}
