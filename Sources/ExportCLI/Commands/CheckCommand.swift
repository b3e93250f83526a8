import ArgumentParser
import AuditArchive

/// `captivateiq-export check`.
struct CheckCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Tries everything a sync needs, and says what a sync would cost.",
        discussion: HelpText.check)

    @OptionGroup var common: SettingFlags<SettingTable.Common>
    @OptionGroup(title: SettingTable.Beginning.title) var beginning: SettingFlags<SettingTable.Beginning>
    @OptionGroup(title: SettingTable.Keeping.title) var keeping: SettingFlags<SettingTable.Keeping>
    @OptionGroup(title: SettingTable.Limits.title) var limits: SettingFlags<SettingTable.Limits>
    @OptionGroup(title: SettingTable.Connection.title) var connection: SettingFlags<SettingTable.Connection>

    func run(_ context: ProgramContext) async -> ExitStatus {
        await CommandRunner(context: context, flags: flags).run(
            { (reader) throws(SettingsError) in CheckSettings(&reader, fileSystem: context.fileSystem) }
        ) { settings, messages in
            let report = await CheckRun(settings, context, messages).run()
            let summary = CheckSummary(report)
            if settings.output.quiet {
                let warnings = report.lines.filter { $0.result == .warning }
                for line in warnings { messages.alert("\(line.name): \(line.detail)") }
            }
            let width = context.outputStyle.isTerminal ? context.outputStyle.width : nil
            return CommandRunner.Result(
                text: summary.text(width: width), json: summary.json, failure: summary.failure)
        }
    }

    /// The flags that were given, by the settings' names.
    var flags: [String: String] {
        [common.values, beginning.values, keeping.values, limits.values, connection.values].reduce(into: [:]) {
            $0.merge($1) { first, _ in first }
        }
    }
}
