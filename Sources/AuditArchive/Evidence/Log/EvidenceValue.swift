import CivilTime
import JSONText

/// Why a line of the log is no operation.
struct OperationError: Error, Equatable {
    /// What is wrong with it.
    var reason: String
}

/// A value of a line of the log. Lines are small, so that all of one is read before it is judged.
enum EvidenceValue: Equatable {
    case string(String)
    case integer(Int)
    case bool(Bool)
    case null
    case array([EvidenceValue])
    case object(EvidenceMembers)

    /// Reads the value that comes next of `text`.
    init(_ reader: inout JSONReader, of text: ArraySlice<UInt8>) throws(JSONTextError) {
        let rest = text[(text.startIndex + reader.offset)...]
        switch rest.first(where: { $0 != UInt8(ascii: " ") }) ?? 0 {
        case UInt8(ascii: "\""): self = .string(try reader.readString())
        case UInt8(ascii: "["):
            var values: [EvidenceValue] = []
            try reader.readArray { (reader) throws(JSONTextError) in
                values.append(try EvidenceValue(&reader, of: text))
            }
            self = .array(values)
        case UInt8(ascii: "{"): self = .object(try EvidenceMembers(&reader, of: text))
        case UInt8(ascii: "t"), UInt8(ascii: "f"): self = .bool(try reader.readBool())
        case UInt8(ascii: "n"):
            self = .null
            _ = try reader.readNull()
        default: self = .integer(try reader.readInteger())
        }
    }

    var text: String? { if case .string(let text) = self { text } else { nil } }

    var number: Int? {
        guard case .integer(let number) = self, (0...Manifest.largestNumber).contains(number) else { return nil }
        return number
    }

    var list: [EvidenceValue]? { if case .array(let values) = self { values } else { nil } }

    var members: EvidenceMembers? { if case .object(let members) = self { members } else { nil } }
}

/// The members of an object in the log, which must be of the types that are asked for.
struct EvidenceMembers: Equatable {
    private var values: [String: EvidenceValue] = [:]

    /// Reads a whole line.
    init(line: ArraySlice<UInt8>) throws(JSONTextError) {
        var reader = JSONReader(Array(line))
        try self.init(&reader, of: line)
        try reader.finish()
    }

    /// Reads the object that comes next of `text`.
    init(_ reader: inout JSONReader, of text: ArraySlice<UInt8>) throws(JSONTextError) {
        try reader.readObject { (reader, key) throws(JSONTextError) in
            values[key] = try EvidenceValue(&reader, of: text)
        }
    }

    func has(_ key: String) -> Bool { values[key] != nil }

    /// A member, made into what `read` makes of it.
    func value<Value>(_ key: String, _ read: (EvidenceValue) -> Value?) throws(OperationError) -> Value {
        guard let value = values[key] else { throw OperationError(reason: "has no `\(key)`") }
        guard let result = read(value) else { throw OperationError(reason: "has no readable `\(key)`") }
        return result
    }

    /// A list, each of whose elements is made into what `read` makes of it.
    func list<Value>(_ key: String, _ read: (EvidenceValue) -> Value?) throws(OperationError) -> [Value] {
        try value(key) { value in
            guard let list = value.list else { return nil }
            let results = list.compactMap(read)
            return results.count == list.count ? results : nil
        }
    }

    func string(_ key: String) throws(OperationError) -> String { try value(key, \.text) }

    func number(_ key: String) throws(OperationError) -> Int { try value(key, \.number) }

    func flag(_ key: String) throws(OperationError) -> Bool {
        guard has(key) else { return false }
        return try value(key) { if case .bool(let flag) = $0 { flag } else { nil } }
    }

    func hash(_ key: String) throws(OperationError) -> TreeHash {
        try value(key) { $0.text.flatMap(TreeHash.init(hexadecimal:)) }
    }

    func day(_ key: String) throws(OperationError) -> CalendarDay {
        try value(key) { $0.text.flatMap { CalendarDay($0) } }
    }

    func time(_ key: String) throws(OperationError) -> Timestamp {
        try value(key) { $0.text.flatMap { Timestamp(rfc3339: $0) } }
    }

    func file(_ key: String) throws(OperationError) -> EvidenceFile {
        try value(key) { $0.text.flatMap(EvidenceFile.init(name:)) }
    }

    /// A file; `nil` for `null`.
    func fileOrNull(_ key: String) throws(OperationError) -> EvidenceFile? {
        if values[key] == .null { return nil }
        return try file(key)
    }
}
