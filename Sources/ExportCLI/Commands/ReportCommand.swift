import ArgumentParser
import AuditArchive
import AuditReport
import CivilTime
import SystemPackage

/// `captivateiq-export report`.
struct ReportCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Makes one HTML file to look at, from a verified archive.",
        discussion: HelpText.report)

    @OptionGroup var common: SettingFlags<SettingTable.Common>

    @Option(help: ArgumentHelp("The file to write; one that is there is replaced.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("The first day, YYYY-MM-DD (default: the archive's first).", valueName: "day"))
    var from: String?

    @Option(help: ArgumentHelp("The last day, YYYY-MM-DD (default: no end).", valueName: "day"))
    var to: String?

    @Flag(help: "Numbers in the place of names, addresses and what was touched.")
    var redact = false

    func validate() throws {
        guard !output.isEmpty else { throw ValidationError("--output has to name a file.") }
        let settings = try settings()
        if let from = settings.from, let through = settings.through, through < from {
            throw ValidationError("--to \(through) is before --from \(from).")
        }
    }

    func run(_ context: ProgramContext) async -> ExitStatus {
        await CommandRunner(context: context, flags: common.values).run(CommonSettings.load) { common, messages in
            messages.warnOfExposure(common, context)
            // Checked before.
            guard let settings = try? settings() else { return CommandRunner.Result(.bug("the dates changed")) }
            do throws(Failure) {
                return try await make(common, settings, context)
            } catch {
                return CommandRunner.Result(error)
            }
        }
    }

    private func make(
        _ common: CommonSettings, _ settings: ArchiveReport.Settings, _ context: ProgramContext
    ) async throws(Failure) -> CommandRunner.Result {
        let target = OutputFile(FilePath(setting: output), fileSystem: context.fileSystem)
        try target.checkOutside(of: common.archive)
        let outcome: ArchiveReport.Outcome
        do throws(ArchiveError) {
            let report = ArchiveReport(
                ArchiveLayout(root: common.archive), fileSystem: context.fileSystem,
                parallelism: PosixProcess.processorCount)
            outcome = try await report.make(settings)
        } catch {
            throw Failure(error)
        }
        switch outcome {
        case .damaged(let verification):
            let summary = VerifySummary(verification, archive: common.archive.string)
            return CommandRunner.Result(
                text: summary.text, json: ReportSummary.json(summary.failure ?? .bug("no fault")),
                failure: summary.failure)
        case .report(let result):
            try target.replace(with: result.bytes)
            let summary = ReportSummary(result, path: output)
            return CommandRunner.Result(text: summary.text, json: summary.json)
        }
    }

    private func settings() throws -> ArchiveReport.Settings {
        var settings = ArchiveReport.Settings()
        settings.from = try from.map { try Self.day($0, "--from") }
        settings.through = try to.map { try Self.day($0, "--to") }
        settings.isRedacted = redact
        return settings
    }

    private static func day(_ text: String, _ flag: String) throws -> CalendarDay {
        if let day = CalendarDay(text) { return day }
        throw ValidationError("\(flag) has to be a day, such as 2025-01-31, and is \"\(text)\".")
    }
}
