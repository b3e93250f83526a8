import AuditArchive
import FoundationEssentials
import JSONText
import SystemPackage
import Yams

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
                description: "it is no valid JSON object (\(error.reason) at byte \(error.offset))")
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
        do {
            // Nothing but comments is a file that sets nothing.
            guard let root = try Yams.Parser(yaml: Data(bytes)).singleRoot(), root.scalar?.string != "" else { return }
            guard let mapping = root.mapping else { throw ConfigurationFileError.notMapping }
            try read(mapping, under: "")
        } catch {
            throw ConfigurationFileError(yaml: error)
        }
    }

    private mutating func read(_ mapping: Node.Mapping, under prefix: String) throws(ConfigurationFileError) {
        for (name, value) in mapping {
            guard let name = name.scalar?.string else { throw .notMapping }
            let key = prefix + name
            switch value {
            case .mapping(let inner): try read(inner, under: "\(key).")
            case .scalar(let scalar):
                let isNull = ["~", "null", "Null", "NULL"].contains(scalar.string)
                set(key, isNull ? nil : scalar.string)
            case .sequence(let sequence):
                let texts = sequence.compactMap { $0.scalar?.string }
                guard texts.count == sequence.count else { throw .notMapping }
                // No setting takes an empty list.
                keys.append(key)
                self.texts[key] = texts.joined(separator: ",")
            case .alias: throw .notMapping
            }
        }
    }
}

/// Why a configuration file cannot be used; holds nothing of its content, which may be a token.
private struct ConfigurationFileError: Error, CustomStringConvertible {
    static let notMapping = ConfigurationFileError(
        description: "it is no valid YAML mapping from names to single values, each name once")

    let description: String

    init(description: String) { self.description = description }

    /// A YAML parser's error quotes the line it is about, so that only its place and kind are taken.
    init(yaml error: any Error) {
        let fields = "\(error)".split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        if fields.count == 3, let line = Int(fields[0]), let column = Int(fields[1]) {
            description = "it is no valid YAML (line \(line), column \(column))"
        } else {
            self = .notMapping
        }
    }
}
