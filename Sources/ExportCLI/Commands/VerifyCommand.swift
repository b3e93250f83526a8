import ArgumentParser
import AuditArchive
import CivilTime
import SystemPackage

/// `captivateiq-export verify`.
struct VerifyCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Checks every file against the manifest.", discussion: HelpText.verify)

    @OptionGroup var common: SettingFlags<SettingTable.Common>

    @OptionGroup var trust: TrustFlags

    func run(_ context: ProgramContext) async -> ExitStatus {
        let flags = trust
        return await CommandRunner(context: context, flags: common.values).run(
            { (reader) throws(SettingsError) in
                let settings = try CommonSettings.load(&reader)
                return (settings, try flags.read(context.fileSystem))
            }
        ) { loaded, messages in
            let (settings, trust) = loaded
            messages.warnOfExposure(settings, context)
            do throws(ArchiveError) {
                let verifier = ArchiveVerifier(
                    ArchiveLayout(root: settings.archive), fileSystem: context.fileSystem, trust: trust)
                let logger = messages.logger(settings.output.logLevel)
                let reporter = ProgressReporter(messages, logger: logger) { [clock = context.clock] in clock.uptime() }
                let verification = try await verifier.verify(
                    parallelism: PosixProcess.processorCount, report: reporter.report)
                let summary = VerifySummary(verification, archive: settings.archive.string)
                return CommandRunner.Result(text: summary.text, json: summary.json, failure: summary.failure)
            } catch {
                return CommandRunner.Result(Failure(error))
            }
        }
    }
}
