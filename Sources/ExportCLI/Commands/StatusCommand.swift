import ArgumentParser
import AuditArchive
import AuditReport
import CivilTime
import SystemPackage

/// `captivateiq-export status`.
struct StatusCommand: ContextCommand {
    /// A daily sync and two hours.
    private static let usualAge = Duration.seconds(26 * 3_600)

    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Says in one word how the archive is, and shows what it comes from.",
        discussion: HelpText.status)

    @OptionGroup var common: SettingFlags<SettingTable.Common>

    @Option(
        help: ArgumentHelp(
            "The longest time since the last success, such as 26h, which is the default. With this flag the exit code is "
                + "1 when it was longer ago, or syncs keep failing.", valueName: "duration"))
    var maxAge: String?

    @Flag(help: "Show the last year, a character a day.")
    var calendar = false

    func validate() throws {
        guard let maxAge, DurationFormat.parse(maxAge) == nil else { return }
        throw ValidationError("--max-age has to be a duration with its unit, such as 26h, and is \"\(maxAge)\".")
    }

    func run(_ context: ProgramContext) async -> ExitStatus {
        await CommandRunner(context: context, flags: common.values).run(
            { (reader) throws(SettingsError) in
                let lookback = reader.value(SettingTable.keeping.lookback)
                return (common: try CommonSettings.load(&reader), lookback: lookback)
            }
        ) { settings, messages in
            messages.warnOfExposure(settings.common, context)
            return result(of: settings.common, settings.lookback, context)
        }
    }

    private func result(
        of settings: CommonSettings, _ lookback: Duration, _ context: ProgramContext
    ) -> CommandRunner.Result {
        let layout = ArchiveLayout(root: settings.archive)
        let inspection: ArchiveInspection
        do {
            inspection = try ArchiveInspection(layout, fileSystem: context.fileSystem)
        } catch {
            let failure = Failure(error)
            guard failure.status == .damaged else { return CommandRunner.Result(failure) }
            return StatusSummary.damaged(failure, archive: settings.archive.string)
        }
        let limit = maxAge.flatMap { DurationFormat.parse($0) }
        let report = StatusReport(inspection, surroundings(layout, lookback, limit ?? Self.usualAge, context))
        let summary = StatusSummary(
            report, lastFailure: LastFailureFile(layout, context.fileSystem).load(), archive: settings.archive.string,
            showsYear: calendar)
        let isTooOld = limit != nil && (report.verdict == .late || report.verdict == .stuck)
        return CommandRunner.Result(
            text: summary.text(in: TextFrame(context)), json: summary.json, failure: summary.failure,
            status: isTooOld ? .negative : .done, color: context.outputStyle.hasColor ? summary.color : nil)
    }

    private func surroundings(
        _ layout: ArchiveLayout, _ lookback: Duration, _ maximumAge: Duration, _ context: ProgramContext
    ) -> StatusReport.Surroundings {
        let freshness = FreshnessFile(layout, context.fileSystem).load()
        // A sync of which the pages did not add up, as those of the one before, ends so; and one that met a record which is
        // no JSON. Where the private folder is there, its note tells them apart.
        let isUnusable = freshness?.lastRun.map { $0.outcome == "incomplete" && $0.exitCode == 76 } ?? false
        let note = layout.hint(ArchiveLayout.SyncHint.incomplete.rawValue)
        let isNoted = (try? context.fileSystem.status(of: note)) != nil
        let isCopy = (try? context.fileSystem.status(of: layout.privateDirectory)) == nil
        return StatusReport.Surroundings(
            now: context.clock.now(), lookback: lookback, maximumAge: maximumAge, freshness: freshness,
            isContradicted: isUnusable && (isNoted || isCopy))
    }
}
