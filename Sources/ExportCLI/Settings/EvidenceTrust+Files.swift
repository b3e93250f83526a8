import AuditArchive
import SystemPackage

extension EvidenceTrust {
    /// Reads the files that say what the evidence must fit.
    ///
    /// - Throws: where one cannot be read, or is something else.
    static func read(
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
