package import AuditArchive
import Configuration
import Synchronization
import SystemPackage

/// A configuration file that has been read: one mapping from names to values.
package struct ConfigurationFile: Sendable {
    /// The path as it was given.
    package let path: String
    /// All of its keys, nested ones with dots.
    package let keys: [String]
    private let snapshot: any ConfigSnapshot

    /// The largest file that is read.
    private static let maximumSize = 1 << 20

    /// Reads and parses a file: JSON or YAML by its extension; without a known one, whichever it is.
    ///
    /// - Throws: a problem of the setting `config`, which holds nothing of the file's content.
    package init(path: String, source: SettingSource, fileSystem: any FileSystem) throws(SettingProblem) {
        let bytes: [UInt8]
        do {
            bytes = try fileSystem.contents(of: FilePath(path), atMost: Self.maximumSize)
        } catch {
            throw .wrong(.config, value: path, source, "cannot be read: \(error)")
        }
        do {
            (snapshot, keys) = try Self.parse(bytes, path: path)
        } catch {
            throw .wrong(.config, value: path, source, "cannot be used: \(error)")
        }
        self.path = path
        // The system's calls would take such a value for what comes before.
        for setting in Setting.allCases where text(of: setting)?.utf8.contains(0) == true {
            throw .wrong(setting, value: nil, .file(key: setting.name, path: path), "must not have a NUL character")
        }
    }

    /// The value of a setting as text; nil where the file does not have it.
    func text(of setting: Setting) -> String? { snapshot.text(of: setting) }

    private static func parse(
        _ bytes: [UInt8], path: String
    ) throws(ConfigurationFileError) -> (any ConfigSnapshot, [String]) {
        switch FilePath(path).extension?.lowercased() {
        case "json": return try json(bytes)
        case "yaml", "yml": return try yaml(bytes)
        default:
            let text = bytes.starts(with: "\u{FEFF}".utf8) ? bytes.dropFirst(3) : bytes[...]
            let isBraced = text.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{")
            return isBraced ? try json(bytes) : try yaml(bytes)
        }
    }

    private static func json(_ bytes: [UInt8]) throws(ConfigurationFileError) -> (any ConfigSnapshot, [String]) {
        let snapshot = try JSONTextSnapshot(bytes)
        return (snapshot, snapshot.keys)
    }

    private static func yaml(_ bytes: [UInt8]) throws(ConfigurationFileError) -> (any ConfigSnapshot, [String]) {
        let keys = Mutex<[String]>([])
        // The parser asks about every key, which is the only way to learn them all.
        let specifier = SecretsSpecifier<String, Void>.dynamic { key, _ in
            keys.withLock { $0.append(key) }
            return true
        }
        do {
            let snapshot = try YAMLSnapshot(
                data: bytes.span.bytes, providerName: "configuration file",
                parsingOptions: .init(secretsSpecifier: specifier))
            return (YAMLTextSnapshot(snapshot), keys.withLock { $0 })
        } catch {
            throw ConfigurationFileError(yaml: error)
        }
    }
}

/// Why a configuration file cannot be used; holds nothing of its content, which may be a token.
struct ConfigurationFileError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// A YAML parser's error quotes the line it is about, so that only its place and kind are taken.
    init(yaml error: any Error) {
        let fields = "\(error)".split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        if fields.count == 3, let line = Int(fields[0]), let column = Int(fields[1]) {
            description = "it is no valid YAML (line \(line), column \(column))"
        } else {
            description = "it is no valid YAML mapping from names to single values, each name once"
        }
    }
}
