import ArgumentParser
import AuditArchive
import CivilTime
import SystemPackage

/// `captivateiq-export verify`.
struct VerifyCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Checks every file against the manifest.", discussion: HelpText.verify)

    @OptionGroup var common: SettingFlags<SettingTable.Common>

    @Option(help: ArgumentHelp("The key that must have signed, PEM or C2SP verifier key.", valueName: "file"))
    var publicKey: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Older heads, each of which must be the beginning of the log.", valueName: "file"))
    var anchor: [String] = []

    func run(_ context: ProgramContext) async -> ExitStatus {
        let (publicKey, anchors) = (publicKey, anchor)
        return await CommandRunner(context: context, flags: common.values).run(
            { (reader) throws(SettingsError) in
                let settings = try CommonSettings.load(&reader)
                return (settings, try EvidenceTrust.read(publicKey, anchors, context.fileSystem))
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

extension EvidenceTrust {
    /// Reads the files that say what the evidence must fit.
    ///
    /// - Throws: where one cannot be read, or is something else.
    fileprivate static func read(
        _ publicKey: String?, _ anchors: [String], _ fileSystem: any FileSystem
    ) throws(SettingsError) -> EvidenceTrust {
        var trust = EvidenceTrust()
        if let publicKey {
            let text = String(decoding: try contents(publicKey, "--public-key", fileSystem), as: UTF8.self)
            trust.publicKey = VerifierKey(text: text)
            if trust.publicKey == nil {
                throw problem(publicKey, "--public-key", "has to be an Ed25519 public key, PEM or a C2SP verifier key")
            }
        }
        for name in anchors {
            guard let checkpoint = Checkpoint(decoding: try contents(name, "--anchor", fileSystem)) else {
                throw problem(name, "--anchor", "has to be a head as `captivateiq-export evidence anchor` prints it")
            }
            trust.anchors.append((name, checkpoint))
        }
        return trust
    }

    private static func contents(
        _ path: String, _ flag: String, _ fileSystem: any FileSystem
    ) throws(SettingsError) -> [UInt8] {
        do {
            return try fileSystem.contents(of: FilePath(setting: path), atMost: 1 << 20)
        } catch {
            throw problem(path, flag, "has to name a file that can be read (\(error))")
        }
    }

    private static func problem(_ path: String, _ flag: String, _ hint: String) -> SettingsError {
        SettingsError(problems: [
            SettingProblem(name: flag, fault: "\(path) cannot be used", place: flag, hint: "it \(hint)")
        ])
    }
}
