import ArgumentParser
import AuditArchive
import SystemPackage

/// The flags that name what the evidence must fit.
struct TrustFlags: ParsableArguments {
    @Option(help: ArgumentHelp("The key that must have signed, PEM or C2SP verifier key.", valueName: "file"))
    var publicKey: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Older heads, each of which must be the beginning of the log.", valueName: "file"))
    var anchor: [String] = []

    /// Reads the files.
    ///
    /// - Throws: where one cannot be read, or is something else.
    func read(_ fileSystem: any FileSystem) throws(SettingsError) -> EvidenceTrust {
        var trust = EvidenceTrust()
        if let publicKey {
            let text = String(decoding: try Self.contents(publicKey, "--public-key", fileSystem), as: UTF8.self)
            trust.publicKey = VerifierKey(text: text)
            if trust.publicKey == nil {
                throw Self.problem(
                    publicKey, "--public-key", "has to be an Ed25519 public key, PEM or a C2SP verifier key")
            }
        }
        for name in anchor {
            guard let checkpoint = Checkpoint(decoding: try Self.contents(name, "--anchor", fileSystem)) else {
                throw Self.problem(
                    name, "--anchor", "has to be a head as `captivateiq-export evidence anchor` prints it")
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
