import ArgumentParser
import AuditArchive
import CivilTime

/// `captivateiq-export prune`.
struct PruneCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Removes whole closed days that are too old, on record.",
        discussion: HelpText.prune)

    @OptionGroup var common: SettingFlags<SettingTable.Common>

    @Option(
        help: ArgumentHelp(
            "How many days before today (UTC) stay, such as 400d.", valueName: "days"))
    var keep: String

    @Flag(help: "Say what would go, and change nothing.")
    var dryRun = false

    @OptionGroup(title: SettingTable.Storing.title) var storing: SettingFlags<SettingTable.Storing>
    @OptionGroup(title: SettingTable.Signing.title) var signing: SettingFlags<SettingTable.Signing>

    func validate() throws {
        guard days != nil else {
            throw ValidationError(
                "--keep has to be a whole number of days of at least one, such as 400d or 52w, and is \"\(keep)\".")
        }
    }

    /// The days to keep; `nil` where the text says something else.
    private var days: Int? {
        // A plain number would be seconds.
        guard keep.last?.isLetter == true, let duration = DurationFormat.parse(keep) else { return nil }
        let (seconds, attoseconds) = duration.components
        guard seconds > 0, attoseconds == 0, seconds % 86_400 == 0 else { return nil }
        return Int(seconds / 86_400)
    }

    func run(_ context: ProgramContext) async -> ExitStatus {
        let pruning = Pruning(keeping: days ?? .max)
        let isDry = dryRun
        let flags = common.values.merging(storing.values) { first, _ in first }
            .merging(signing.values) { first, _ in first }
        return await CommandRunner(context: context, flags: flags).run(MaintenanceSettings.loader(context)) {
            settings, messages in
            let job = MaintenanceJob(settings, context, messages)
            let archive = settings.common.archive
            do throws(ArchiveError) {
                if isDry {
                    let manifest = try job.manifest()
                    let plan = try pruning.plan(
                        manifest, ArchiveLayout(root: archive), context.fileSystem, today: context.clock.now().day)
                    let summary = PruneSummary(plan, isDry: true, days: pruning.days, generation: manifest.generation)
                    return CommandRunner.Result(text: summary.text, json: summary.json)
                }
                let (plan, generation) = try await job.run { session async throws(ArchiveError) in
                    try await pruning.run(session, now: context.clock.now())
                }
                let summary = PruneSummary(plan, isDry: false, days: pruning.days, generation: generation)
                return CommandRunner.Result(text: summary.text, json: summary.json)
            } catch {
                return CommandRunner.Result(Failure(error))
            }
        }
    }
}
