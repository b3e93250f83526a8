import ArgumentParser
import AuditArchive
import AuditReport
import CivilTime
import SystemPackage

/// `captivateiq-export show`.
struct ShowCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows events: who did what, and whether something is missing.",
        discussion: HelpText.show)

    @OptionGroup var common: SettingFlags<SettingTable.Common>

    @Option(help: ArgumentHelp("Events of this effective user: id, name or e-mail.", valueName: "who"))
    var user: String?

    @Option(help: ArgumentHelp("Events of whoever was logged in: id, name or e-mail.", valueName: "who"))
    var by: String?

    @Option(help: ArgumentHelp("Events of what was touched: id or name.", valueName: "what"))
    var object: String?

    @Option(help: ArgumentHelp("Events of this type, such as user.login.", valueName: "type"))
    var type: String?

    @Option(help: ArgumentHelp("Events from this address.", valueName: "address"))
    var ip: String?

    @Flag(help: "Only what somebody did as another user.")
    var impersonated = false

    @Option(help: ArgumentHelp("The first day (YYYY-MM-DD, UTC), or time (RFC 3339).", valueName: "time"))
    var from: String?

    @Option(help: ArgumentHelp("The last day (YYYY-MM-DD, UTC), or time (RFC 3339).", valueName: "time"))
    var to: String?

    @Option(help: ArgumentHelp("The event with this id.", valueName: "id"))
    var id: String?

    @Option(help: ArgumentHelp("Events with this text in any of their values.", valueName: "text"))
    var text: String?

    @Option(help: ArgumentHelp("Only what was archived after this generation.", valueName: "n"))
    var sinceGeneration: Int?

    @Flag(help: "The archived bytes: one JSON object a line.")
    var ndjson = false

    @Flag(help: "Comma-separated values, safe to open in a spreadsheet.")
    var csv = false

    func validate() throws {
        let query = try query()
        if let from = query.from, let through = query.through, through < from {
            throw ValidationError("--to \(to ?? "") is before --from \(self.from ?? "").")
        }
        if let number = sinceGeneration, number < 0 {
            throw ValidationError("--since-generation has to be 0 or more, and is \(number).")
        }
        if [ndjson, csv, common.values["json"] == "true"].count(where: \.self) > 1 {
            throw ValidationError("Choose one of --ndjson, --csv and --json.")
        }
    }

    func run(_ context: ProgramContext) async -> ExitStatus {
        await CommandRunner(context: context, flags: common.values).run(CommonSettings.load) { settings, messages in
            // Checked before.
            guard let query = try? query() else { return CommandRunner.Result(.bug("the filters changed")) }
            let form: ShowJob.Form =
                if ndjson { .ndjson } else if csv { .csv } else if settings.output.json { .json } else { .text }
            return await ShowJob(settings, context, messages, form).run(query)
        }
    }

    /// What to look for.
    private func query() throws -> EventQuery {
        var query = EventQuery()
        (query.user, query.by, query.object, query.type, query.ip) = (user, by, object, type, ip)
        (query.id, query.text, query.isImpersonated, query.sinceGeneration) = (id, text, impersonated, sinceGeneration)
        query.from = try from.map { try TimeBound($0, "--from").first }
        query.through = try to.map { try TimeBound($0, "--to").last }
        return query
    }
}

/// A day or a time on the command line, as a bound that belongs to the range.
struct TimeBound {
    /// The first time that it names.
    let first: Timestamp
    /// The last time that it names.
    let last: Timestamp

    /// Reads a bound.
    init(_ text: String, _ flag: String) throws {
        if let day = CalendarDay(text) {
            first = day.start
            last = day.start + .seconds(86_400) - .microseconds(1)
        } else if let time = Timestamp(rfc3339: text) {
            (first, last) = (time, time)
        } else {
            throw ValidationError(
                "\(flag) has to be a day, such as 2025-01-31, or a time, such as 2025-01-31T08:00:00Z, and is \"\(text)\"."
            )
        }
    }
}
