import ArgumentParser

/// `captivateiq-export`: the help of the program, and its commands.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "captivateiq-export",
        abstract: "Keeps a local archive of an organization's CaptivateIQ audit log.",
        discussion: HelpText.overview,
        version: BuildInfo.current.text,
        subcommands: [
            SyncCommand.self, CheckCommand.self, VerifyCommand.self, StatusCommand.self, ReconcileCommand.self,
            RebuildCommand.self, CompactCommand.self, PruneCommand.self, EvidenceCommand.self, ShowCommand.self,
            ReportCommand.self, AttestCommand.self, SchemaCommand.self
        ])

    func run() throws {
        throw ValidationError(
            "Missing a command: sync, check, verify, status, reconcile, rebuild, compact, prune, evidence, show, report, "
                + "attest or schema."
        )
    }
}
