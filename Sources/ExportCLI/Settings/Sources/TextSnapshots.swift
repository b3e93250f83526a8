import Configuration
import JSONText

/// The members of a JSON object as text: strings decoded, numbers and booleans as written, a list of strings
/// with commas, `null` as not set.
///
/// `JSONSnapshot` of swift-configuration takes `true` for the number 1, which would make a page size of it.
struct JSONTextSnapshot: ConfigSnapshot {
    let providerName = "configuration file"
    private(set) var keys: [String] = []
    private var texts: [String: String] = [:]

    init(_ bytes: [UInt8]) throws(ConfigurationFileError) {
        var reader = JSONReader(bytes, passesByteOrderMark: true)
        do {
            try read(&reader, bytes, under: "")
            try reader.finish()
        } catch {
            throw ConfigurationFileError("it is no valid JSON object (\(error.reason) at byte \(error.offset))")
        }
        let repeated = Dictionary(grouping: keys) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
        guard repeated.isEmpty else {
            throw ConfigurationFileError("it has more than one \(repeated.joined(separator: ", "))")
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

    private mutating func set(_ key: String, _ text: String?) {
        keys.append(key)
        texts[key] = text
    }

    func value(forKey key: AbsoluteConfigKey, type: ConfigType) throws -> LookupResult {
        let name = key.components.joined(separator: ".")
        let text = texts[name].flatMap { $0.isEmpty ? nil : $0 }
        return LookupResult(encodedKey: name, value: text.map { ConfigValue(.string($0), isSecret: true) })
    }
}

/// The scalars of a YAML mapping as text; what YAML calls null is not set, and a list is its text with commas.
struct YAMLTextSnapshot: ConfigSnapshot {
    let providerName = "configuration file"
    private let snapshot: YAMLSnapshot

    init(_ snapshot: YAMLSnapshot) { self.snapshot = snapshot }

    func value(forKey key: AbsoluteConfigKey, type: ConfigType) throws -> LookupResult {
        var found: LookupResult
        do {
            found = try snapshot.value(forKey: key, type: .string)
        } catch {
            found = try snapshot.value(forKey: key, type: .stringArray)
        }
        switch found.value?.content {
        case .string(let text) where ["", "~", "null", "Null", "NULL"].contains(text): found.value = nil
        case .stringArray(let texts):
            found.value = ConfigValue(.string(texts.joined(separator: ",")), isSecret: true)
        default: break
        }
        return found
    }
}
