import AuditArchive
import JSONText
import SystemPackage

/// A configuration file that has been read: one mapping from names to values.
struct ConfigurationFile: Sendable {
    /// The path as it was given.
    let path: String
    /// All of its keys, nested ones with dots.
    let keys: [String]
    /// The values that are not empty or null, by their keys.
    let texts: [String: String]

    /// The largest file that is read.
    private static let maximumSize = 1 << 20

    /// Reads and parses a file: JSON or YAML by its extension; without a known one, whichever it is.
    ///
    /// - Throws: a problem of the setting `config`, which holds nothing of the file's content.
    init(path: String, source: SettingSource, fileSystem: any FileSystem) throws(SettingProblem) {
        let bytes: [UInt8]
        let config = SettingTable.common.config.setting
        do {
            bytes = try fileSystem.contents(of: FilePath(setting: path), atMost: Self.maximumSize)
        } catch {
            throw .wrong(config, value: path, source, "cannot be read: \(error)")
        }
        let members: ConfigurationMembers
        do {
            members = Self.isJSON(bytes, path) ? try ConfigurationMembers(json: bytes) : try .init(yaml: bytes)
        } catch {
            throw .wrong(config, value: path, source, "cannot be used: \(error)")
        }
        self.path = path
        keys = members.keys
        texts = members.texts
        // The system's calls would take such a value for what comes before.
        for setting in SettingTable.all where texts[setting.name]?.utf8.contains(0) == true {
            throw .wrong(setting, value: nil, .file(key: setting.name, path: path), "must not have a NUL character")
        }
    }

    private static func isJSON(_ bytes: [UInt8], _ path: String) -> Bool {
        switch FilePath(setting: path).extension?.lowercased() {
        case "json": return true
        case "yaml", "yml": return false
        default:
            let text = bytes.starts(with: "\u{FEFF}".utf8) ? bytes.dropFirst(3) : bytes[...]
            return text.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{")
        }
    }
}

/// The members of a JSON object or YAML mapping as text: strings decoded, numbers and booleans as written, a list of
/// strings with commas.
private struct ConfigurationMembers {
    private(set) var keys: [String] = []
    private(set) var texts: [String: String] = [:]

    private mutating func set(_ key: String, _ text: String?) {
        keys.append(key)
        texts[key] = text.flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension ConfigurationMembers {
    fileprivate init(json bytes: [UInt8]) throws(ConfigurationFileError) {
        var reader = JSONReader(bytes, passesByteOrderMark: true)
        do {
            try read(&reader, bytes, under: "")
            try reader.finish()
        } catch {
            throw ConfigurationFileError(
                description: "it is no valid JSON object (at byte \(error.offset), where \(error.reason.kind))")
        }
        let repeated = Dictionary(grouping: keys) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
        guard repeated.isEmpty else {
            throw ConfigurationFileError(description: "it has more than one \(repeated.joined(separator: ", "))")
        }
    }

    private mutating func read(
        _ reader: inout JSONReader, _ bytes: [UInt8], under prefix: String
    ) throws(JSONTextError) {
        try reader.readObject { (reader, key) throws(JSONTextError) in
            let start = reader.offset
            var copy = reader
            try reader.skipValue()
            let value = bytes[start..<reader.offset].drop { " \t\r\n".utf8.contains($0) }
            switch value.first {
            case UInt8(ascii: "{"): try read(&copy, bytes, under: "\(prefix)\(key).")
            case UInt8(ascii: "\""): set(prefix + key, try copy.readString())
            case UInt8(ascii: "["): set(prefix + key, try Self.list(&copy))
            case UInt8(ascii: "n"): set(prefix + key, nil)
            default: set(prefix + key, String(decoding: value, as: UTF8.self))
            }
        }
    }

    private static func list(_ reader: inout JSONReader) throws(JSONTextError) -> String {
        var texts: [String] = []
        try reader.readArray { (reader) throws(JSONTextError) in texts.append(try reader.readString()) }
        return texts.joined(separator: ",")
    }
}

extension ConfigurationMembers {
    fileprivate init(yaml bytes: [UInt8]) throws(ConfigurationFileError) {
        let document: YAMLNode?
        do {
            document = try YAMLNode.document(in: bytes)
        } catch {
            throw ConfigurationFileError(error)
        }
        switch document {
        // Nothing but comments, or an empty document.
        case nil, .scalar("")?: break
        case .mapping(let members)?: try read(members, under: "")
        case .scalar?, .sequence?: throw .notMapping
        }
    }

    private mutating func read(
        _ members: [(key: String, value: YAMLNode)], under prefix: String
    ) throws(ConfigurationFileError) {
        guard Set(members.map(\.key)).count == members.count else { throw .notMapping }
        for (name, value) in members {
            let key = prefix + name
            switch value {
            case .mapping(let inner): try read(inner, under: "\(key).")
            case .scalar(let text): set(key, ["~", "null", "Null", "NULL"].contains(text) ? nil : text)
            case .sequence(let nodes): try set(key, list: nodes)
            }
        }
    }

    private mutating func set(_ key: String, list nodes: [YAMLNode]) throws(ConfigurationFileError) {
        var items: [String] = []
        for node in nodes {
            guard case .scalar(let text) = node else { throw .notMapping }
            items.append(text)
        }
        // No setting takes an empty list.
        keys.append(key)
        texts[key] = items.joined(separator: ",")
    }
}

/// Why a configuration file cannot be used; holds nothing of its content, which may be a token.
private struct ConfigurationFileError: Error, CustomStringConvertible {
    static let notMapping = ConfigurationFileError(
        description: "it is no valid YAML mapping from names to single values, each name once")

    let description: String

    init(description: String) { self.description = description }

    init(_ error: YAMLError) {
        switch error {
        case .malformed(let line, let column): description = "it is no valid YAML (line \(line), column \(column))"
        case .unsupported: self = .notMapping
        }
    }
}
