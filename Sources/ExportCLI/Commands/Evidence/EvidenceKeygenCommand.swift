import ArgumentParser
import AuditArchive
import SystemPackage

/// `captivateiq-export evidence keygen`.
struct EvidenceKeygenCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen", abstract: "Makes a signing key and prints its fingerprint for the auditor.",
        discussion: EvidenceHelp.keygen)

    @Option(help: ArgumentHelp("Where to write the key, for its owner alone; must not exist.", valueName: "file"))
    var output: String

    @OptionGroup var common: SettingFlags<SettingTable.Common>

    func run(_ context: ProgramContext) async -> ExitStatus {
        let path = FilePath(setting: output)
        return await CommandRunner(context: context, flags: common.values).run(
            { (reader) throws(SettingsError) in
                guard reader.problems.isEmpty else { throw SettingsError(problems: reader.problems) }
            }
        ) { _, _ in
            guard !OutputFile.isInsideAny(path, fileSystem: context.fileSystem) else {
                return CommandRunner.Result(
                    Failure(
                        .usage, "the key would be in an archive, which is copied and shipped", at: path.string,
                        hints: ["Choose another place for --output."]))
            }
            var generator = SystemRandomNumberGenerator()
            guard let key = SigningKey(using: &generator) else {
                return CommandRunner.Result(.bug("32 random bytes were no key"))
            }
            do throws(FileSystemError) {
                // A file that others could read even for a moment would be no secret.
                PosixProcess.keepNewFilesPrivate()
                try context.fileSystem.createDurably(path, Array(key.pem.utf8))
            } catch {
                return CommandRunner.Result(Self.failure(error))
            }
            let verifier = key.verifier
            var object = JSONObjectText()
            object.add("outcome", "ok")
            object.add("key", path.string)
            object.add("fingerprint", verifier.fingerprint)
            object.add("public_key", verifier.pem)
            let text = """
                The signing key is in \(path). Name it as signing_key_file, and keep a copy where this machine cannot lose it.
                Fingerprint, for the auditor (openssl pkey -pubin -outform DER <key.pub.pem | sha256sum):
                \(verifier.fingerprint)
                \(verifier.pem)
                """
            return CommandRunner.Result(text: text, json: object.text + "\n", isAnswer: true)
        }
    }

    private static func failure(_ error: FileSystemError) -> Failure {
        switch error.errno {
        case .fileExists:
            Failure(
                .notWritable, "there is a file already, and a key is not to be written over", at: error.path.string,
                hints: ["Give another name as --output."])
        case .noSuchFileOrDirectory, .notDirectory:
            Failure(
                .notWritable, "there is no folder for the key", at: error.path.string,
                hints: ["Make the folder first, or give another name as --output."])
        default: Failure(ArchiveError(error))
        }
    }
}
