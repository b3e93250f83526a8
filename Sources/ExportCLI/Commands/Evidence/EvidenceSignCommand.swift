import ArgumentParser
import AuditArchive
import CivilTime
import SystemPackage

/// `captivateiq-export evidence sign`.
struct EvidenceSignCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Signs the head of the log, or has another key sign from now on.",
        discussion: EvidenceHelp.sign)

    @OptionGroup var common: SettingFlags<SettingTable.Common>
    @OptionGroup(title: SettingTable.Signing.title) var signing: SettingFlags<SettingTable.Signing>

    @Option(help: ArgumentHelp("The key that signs from now on.", valueName: "file"))
    var rotateTo: String?

    @Flag(help: "The old key is lost, and cannot sign the head with which the new one begins.")
    var withoutOldKey = false

    @Flag(help: "Go on from a log that this key has not signed, or that is not the manifest's, on record.")
    var adopt = false

    private static let adoptionReason = "adopted by evidence sign --adopt"

    func validate() throws {
        if withoutOldKey, rotateTo == nil { throw ValidationError("--without-old-key needs --rotate-to FILE.") }
        if adopt, rotateTo != nil { throw ValidationError("--adopt and --rotate-to are two steps: adopt first.") }
    }

    func run(_ context: ProgramContext) async -> ExitStatus {
        let flags = common.values.merging(signing.values) { first, _ in first }
        let (rotateTo, withoutOldKey, adopt) = (rotateTo, withoutOldKey, adopt)
        return await CommandRunner(context: context, flags: flags).run(
            { (reader) throws(SettingsError) in
                var settings = try MaintenanceSettings.load(&reader, context.fileSystem)
                if settings.evidence.signer == nil, !withoutOldKey {
                    let hint = "name the key that signs, which `captivateiq-export evidence keygen` makes"
                    throw SettingsError(problems: [.missing(SettingTable.signing.signingKeyFile.setting, hint)])
                }
                if adopt { settings.evidence.adoption = Self.adoptionReason }
                if let rotateTo {
                    let key = try Self.key(FilePath(setting: rotateTo), context.fileSystem)
                    settings.evidence.rotation = EvidenceSettings.Rotation(key: key, withoutOldKey: withoutOldKey)
                }
                return settings
            }
        ) { settings, messages in
            do throws(ArchiveError) {
                return try await Self.sign(settings, context, messages)
            } catch {
                return CommandRunner.Result(Failure(error))
            }
        }
    }

    private static func key(_ path: FilePath, _ fileSystem: any FileSystem) throws(SettingsError) -> SigningKey {
        let bytes = try? fileSystem.contents(of: path, atMost: 1 << 16)
        if let key = bytes.flatMap({ SigningKey(pem: String(decoding: $0, as: UTF8.self)) }) { return key }
        throw SettingsError(problems: [
            SettingProblem(
                name: "rotate_to", fault: "\(path) cannot be used", place: "--rotate-to",
                hint: "it has to name a file with an Ed25519 key, PKCS#8 in PEM, that can be read")
        ])
    }

    private static func sign(
        _ settings: MaintenanceSettings, _ context: ProgramContext, _ messages: Messages
    ) async throws(ArchiveError) -> CommandRunner.Result {
        let outcome = try await MaintenanceJob(settings, context, messages).run { session async throws(ArchiveError) in
            try await EvidenceSigning(session, settings.evidence).run(now: context.clock.now())
        }
        guard let outcome else { return CommandRunner.Result(.noArchive(settings.common.archive.string)) }
        let history = try EvidenceHistory(ArchiveLayout(root: settings.common.archive), fileSystem: context.fileSystem)
        let manifest = try context.fileSystem.requireManifest(ArchiveLayout(root: settings.common.archive)).manifest
        let count: Int
        let text: String
        switch outcome {
        case .nothingToDo:
            count = 0
            text = "All \(Units.count(history.signedEntries, "entry", plural: "entries")) are signed."
        case .signed(let entries):
            count = entries
            text =
                "Signed \(Units.count(entries, "entry", plural: "entries")): the head of "
                + "\(Units.count(history.signedEntries, "entry", plural: "entries")) is in evidence/checkpoint."
        }
        var change = EvidenceChange(text, generation: manifest.generation)
        change.add("signed", count)
        change.add("entries", history.head.entries)
        change.add("signed_entries", history.signedEntries)
        return change.result
    }
}
