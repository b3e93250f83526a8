import AuditArchive
import SystemPackage

/// Finds the key that signs the evidence: `signing_key_file`, or systemd's credentials folder.
struct SigningKeySetting {
    let fileSystem: any FileSystem

    private static let maximumSize = 1 << 16
    private static let credentialName = "signing_key"
    private static let setting = SettingTable.signing.signingKeyFile.setting

    /// The key from the first place that has one; nil where none is set, or with a problem recorded in `reader`.
    func read(_ reader: inout SettingsReader) -> SigningKey? {
        if let found = reader.resolver.find(Self.setting) {
            return key(in: FilePath(setting: found.text), found.source, &reader)
        }
        guard let directory = reader.resolver.variable("CREDENTIALS_DIRECTORY") else { return nil }
        let path = FilePath(setting: directory).appending(Self.credentialName)
        // A folder of credentials without this one is that of another purpose.
        guard (try? fileSystem.status(of: path)) != nil else { return nil }
        return key(in: path, .file(key: Self.credentialName, path: directory), &reader)
    }

    /// The key in a file. Nothing of what it holds is ever shown.
    private func key(in path: FilePath, _ source: SettingSource, _ reader: inout SettingsReader) -> SigningKey? {
        if reader.recordIfInArchive(path, Self.setting, source) { return nil }
        let bytes: [UInt8]
        do {
            bytes = try fileSystem.contents(of: path, atMost: Self.maximumSize)
        } catch {
            reader.record(
                .wrong(Self.setting, value: path.string, source, "has to name a file that can be read (\(error))"))
            return nil
        }
        guard let key = SigningKey(pem: String(decoding: bytes, as: UTF8.self)) else {
            reader.record(
                .wrong(
                    Self.setting, value: path.string, source,
                    "has to name a file with an Ed25519 key, PKCS#8 in PEM, as `captivateiq-export evidence keygen` makes"
                ))
            return nil
        }
        if isReadableByAnyone(path) {
            reader.warn("The signing key \(path) can be read by every user of this machine; run: chmod 600 \(path)")
        }
        return key
    }
}
