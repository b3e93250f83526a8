import ArgumentParser

/// `captivateiq-export` itself: teaches, and hands over to the commands.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "captivateiq-export",
        abstract: "Keeps a local archive of an organization's CaptivateIQ audit log.",
        discussion: HelpText.overview,
        version: ExportProgram.version,
        subcommands: [
            SyncCommand.self, VerifyCommand.self, StatusCommand.self, ReconcileCommand.self, RebuildCommand.self
        ])

    func run() throws {
        throw ValidationError("Missing a command: sync, verify, status, reconcile or rebuild.")
    }
}
