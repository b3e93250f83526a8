import ArgumentParser
import AuditArchive
import AuditSync
import CivilTime
import SystemPackage

/// `captivateiq-export reconcile`.
struct ReconcileCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile", abstract: "Compares closed days with the API, and repairs.",
        discussion: HelpText.reconcile)

    @OptionGroup var common: SettingFlags<SettingTable.Common>

    @Option(
        help: ArgumentHelp("The first day to compare, YYYY-MM-DD (default: the archive's first).", valueName: "day"))
    var from: String?

    @Option(
        help: ArgumentHelp("The last day to compare, YYYY-MM-DD (default: the newest closed one).", valueName: "day"))
    var to: String?

    @Flag(help: "Archive the events that are missing here.")
    var repair = false

    @Flag(help: "Accept that the API no longer has some archived events: they stay, and are not reported again.")
    var acceptGone = false

    @Flag(
        help: "Ask for the days of quarantined records instead, closed or not, and archive what is usable by now.")
    var retryQuarantine = false

    @OptionGroup(title: "How to keep what is fetched") var keeping: SettingFlags<SettingTable.Keeping>
    @OptionGroup(title: SettingTable.Storing.title) var storing: SettingFlags<SettingTable.Storing>
    @OptionGroup(title: SettingTable.Signing.title) var signing: SettingFlags<SettingTable.Signing>
    @OptionGroup(title: SettingTable.Limits.title) var limits: SettingFlags<SettingTable.Limits>
    @OptionGroup(title: SettingTable.Connection.title) var connection: SettingFlags<SettingTable.Connection>

    func validate() throws {
        let (first, last) = (try day(from, "--from"), try day(to, "--to"))
        if let first, let last, last < first { throw ValidationError("--to \(last) is before --from \(first).") }
    }

    private func day(_ text: String?, _ flag: String) throws -> CalendarDay? {
        guard let text else { return nil }
        if let day = CalendarDay(text) { return day }
        throw ValidationError("\(flag) has to be a day, such as 2025-01-31, and is \"\(text)\".")
    }

    func run(_ context: ProgramContext) async -> ExitStatus {
        let request = Reconciliation.Request(
            from: from.flatMap { CalendarDay($0) }, to: to.flatMap { CalendarDay($0) }, repairs: repair,
            acceptsGone: acceptGone, retriesQuarantine: retryQuarantine)
        return await CommandRunner(context: context, flags: flags).run(
            { (reader) throws(SettingsError) in try SyncConfiguration(&reader, fileSystem: context.fileSystem) }
        ) { configuration, messages in
            do throws(Failure) {
                let (report, failure) = try await ArchiveJob(configuration, context, messages).reconcile(request)
                let summary = ReconcileSummary(
                    report, failure: failure, hasRange: request.from != nil || request.to != nil,
                    archive: configuration.common.archive.string)
                return CommandRunner.Result(text: summary.text, json: summary.json, failure: summary.failure)
            } catch {
                return CommandRunner.Result(error)
            }
        }
    }

    /// The flags that were given, by the settings' names.
    var flags: [String: String] {
        [common.values, keeping.values, storing.values, signing.values, limits.values, connection.values].reduce(
            into: [:]) {
                $0.merge($1) { first, _ in first }
            }
    }
}
