import AuditArchive
import CaptivateIQAPI
import SystemPackage

/// The API token, and what a person has to know of where it was.
struct FoundToken: Sendable {
    /// The token.
    var token: APIToken
    /// Where it came from, as a message names it; holds nothing of it.
    var source: String
    /// Who else may read that place; nil where nobody may.
    var exposure: String?
}

/// Finds the API token: `api_token`, `api_token_file` or systemd's credentials folder.
struct TokenSetting {
    let fileSystem: any FileSystem

    private static let maximumSize = 1 << 16
    private static let apiToken = SettingTable.connection.apiToken.setting
    private static let apiTokenFile = SettingTable.connection.apiTokenFile.setting
    private static let hint =
        "give it as \(apiToken.environmentName), in a file named by --api-token-file, or as api_token in the "
        + "configuration file; create one in CaptivateIQ (profile settings, API Tokens)"

    /// Whether a token is at hand, be it one that can be used or not.
    func isGiven(_ resolver: SettingsResolver) -> Bool {
        resolver.find(Self.apiToken) != nil || resolver.find(Self.apiTokenFile) != nil || credential(resolver) != nil
    }

    /// The token from the first place that has one; nil with a problem recorded in `reader`.
    func read(_ reader: inout SettingsReader) -> FoundToken? {
        let resolver = reader.resolver
        let found: SettingText?
        var exposure: String?
        if let file = resolver.inFlags(Self.apiTokenFile) {
            return token(inFileOf: file, &reader)
        } else if let text = resolver.inEnvironment(Self.apiToken) {
            found = text
        } else if let file = resolver.inEnvironment(Self.apiTokenFile) {
            return token(inFileOf: file, &reader)
        } else if let text = resolver.inFile(Self.apiToken) {
            exposure = exposureOfFile(text, &reader)
            found = text
        } else if let file = resolver.inFile(Self.apiTokenFile) {
            return token(inFileOf: file, &reader)
        } else {
            found = credential(resolver)
        }
        guard let found else {
            reader.record(.missing(Self.apiToken, Self.hint))
            return nil
        }
        return token(found, named: found.source.description, exposure, &reader)
    }

    private func token(
        _ found: SettingText, named source: String, _ exposure: String?, _ reader: inout SettingsReader
    ) -> FoundToken? {
        do {
            return FoundToken(token: try APIToken(checking: found.text), source: source, exposure: exposure)
        } catch {
            reader.record(.wrong(Self.apiToken, value: nil, found.source, "cannot be used, since \(error)"))
            return nil
        }
    }

    private func token(inFileOf setting: SettingText, _ reader: inout SettingsReader) -> FoundToken? {
        let path = FilePath(setting: setting.text)
        do {
            let bytes = try fileSystem.contents(of: path, atMost: Self.maximumSize)
            if reader.recordIfInArchive(path, Self.apiTokenFile, setting.source) { return nil }
            var exposure: String?
            if isReadableByAnyone(path) {
                let text = "The token file \(path) can be read by every user of this machine; run: chmod 600 \(path)"
                reader.warn(text)
                exposure = text
            }
            let text = SettingText(text: String(decoding: bytes, as: UTF8.self), source: setting.source)
            return token(text, named: "file \(path) (\(setting.source))", exposure, &reader)
        } catch {
            // The path is not shown: where no such file is, it may be the token itself, given in the wrong place.
            reader.record(
                .wrong(Self.apiTokenFile, value: nil, setting.source, "has to name a file that can be read (\(error))"))
            return nil
        }
    }

    /// What systemd's `LoadCredential=api_token:…` or `SetCredentialEncrypted=` gives.
    private func credential(_ resolver: SettingsResolver) -> SettingText? {
        guard let directory = resolver.variable("CREDENTIALS_DIRECTORY") else { return nil }
        let path = FilePath(setting: directory).appending(Self.apiToken.name)
        guard let bytes = try? fileSystem.contents(of: path, atMost: Self.maximumSize) else { return nil }
        return SettingText(
            text: String(decoding: bytes, as: UTF8.self),
            source: .file(key: Self.apiToken.name, path: directory))
    }

    private func exposureOfFile(_ found: SettingText, _ reader: inout SettingsReader) -> String? {
        guard case .file(_, let path) = found.source, isReadableByAnyone(FilePath(setting: path)) else { return nil }
        let text = "The configuration file \(path) holds the token and can be read by every user of this machine"
        reader.warn(text)
        return text
    }
}
