import ArgumentParser
import AuditArchive

/// `captivateiq-export sync`.
struct SyncCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Fetches what is new and commits it.", discussion: HelpText.sync)

    @OptionGroup var common: CommonOptions
    @OptionGroup(title: "What to fetch, and how to keep it") var beginning: BeginningOptions
    @OptionGroup(title: "What to fetch, and how to keep it") var fetch: FetchOptions
    @OptionGroup(title: "The API's limits") var limits: LimitOptions
    @OptionGroup(title: "The connection") var connection: ConnectionOptions

    func run(_ context: ProgramContext) async -> ExitStatus {
        await CommandRun(context: context, flags: flags).run(
            { (reader) throws(SettingsError) in try SyncRunSettings(&reader, fileSystem: context.fileSystem) },
            json: { SyncSummary($0).json }
        ) { settings, messages in
            await Self.sync(settings, context, messages)
        }
    }

    private var flags: [Setting: String] {
        [common.flags, beginning.flags, fetch.flags, limits.flags, connection.flags].reduce(into: [:]) { all, some in
            all.merge(some) { first, _ in first }
        }
    }

    private static func sync(
        _ settings: SyncRunSettings, _ context: ProgramContext, _ messages: Messages
    ) async -> CommandRun.Result {
        await SyncJob.stoppable(settings, context, messages) { job in
            do throws(Failure) {
                let (report, failure) = try await job.run()
                let summary = SyncSummary(report, failure: failure)
                return CommandRun.Result(text: summary.text, json: summary.json, failure: failure)
            } catch {
                return CommandRun.Result(text: nil, json: SyncSummary(error).json, failure: error)
            }
        }
    }
}
