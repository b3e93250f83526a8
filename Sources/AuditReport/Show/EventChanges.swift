import JSONText

/// What an event says to have changed: the fields of its `data` with an old and a new value, where it has that form.
///
/// `data` is free form. These forms are read: `{"changes": {FIELD: {"old": …, "new": …}}}`, the same without `changes`
/// around it, and a list of `{"field": …, "old": …, "new": …}` in the place of the object.
struct EventChanges: Sendable, Equatable {
    /// One field that changed. Values are JSON.
    struct Change: Sendable, Equatable {
        var field: String
        var old: String
        var new: String
    }

    private static let oldKeys: Set<String> = ["old", "old_value", "from", "before", "previous"]
    private static let newKeys: Set<String> = ["new", "new_value", "to", "after", "current"]
    private static let fieldKeys: Set<String> = ["field", "name", "key", "attribute", "path"]
    private static let listKeys: Set<String> = ["changes", "diff", "changed"]

    /// The changes, in the order of the event.
    private(set) var list: [Change] = []

    /// No changes.
    init() {}

    /// What `data` says.
    init(data: RawSpan) {
        guard data.byte(at: 0) == ASCII.leftBrace || data.byte(at: 0) == ASCII.leftBracket else { return }
        let bytes = data.withUnsafeBytes { Array($0) }
        for (key, value) in Self.members(of: bytes[...]) where Self.listKeys.contains(key) {
            list = Self.changes(in: value)
        }
        if list.isEmpty { list = Self.changes(in: bytes[...]) }
    }

    private static func changes(in value: ArraySlice<UInt8>) -> [Change] {
        if value.first == ASCII.leftBracket {
            return elements(of: value).compactMap { element in change(members(of: element), field: nil) }
        }
        return members(of: value).compactMap { field, value in change(members(of: value), field: field) }
    }

    /// A change, where the members have an old or a new value, and, if they are elements of a list, a name.
    private static func change(_ members: [(key: String, value: ArraySlice<UInt8>)], field: String?) -> Change? {
        func value(_ keys: Set<String>) -> ArraySlice<UInt8>? { members.last { keys.contains($0.key) }?.value }
        let name = field ?? value(fieldKeys).flatMap(string)
        let (old, new) = (value(oldKeys), value(newKeys))
        guard let name, old != nil || new != nil else { return nil }
        return Change(field: name, old: shown(old), new: shown(new))
    }

    /// A value on one line; a string decoded, so that its letters can be read.
    private static func shown(_ value: ArraySlice<UInt8>?) -> String {
        guard let value else { return "–" }
        if let text = string(value) { return VisibleText.quotedJSON(text) }
        return VisibleText.oneLine(String(decoding: value, as: UTF8.self))
    }

    private static func string(_ value: ArraySlice<UInt8>) -> String? {
        guard value.first == ASCII.quote else { return nil }
        var reader = JSONReader(Array(value))
        return try? reader.readString()
    }

    /// The members of an object, as far as it can be read; none of anything else.
    private static func members(of value: ArraySlice<UInt8>) -> [(key: String, value: ArraySlice<UInt8>)] {
        guard value.first == ASCII.leftBrace else { return [] }
        let bytes = Array(value)
        var reader = JSONReader(bytes)
        var members: [(key: String, value: ArraySlice<UInt8>)] = []
        try? reader.readObject { (reader, key) throws(JSONTextError) in
            let start = reader.offset
            try reader.skipValue()
            members.append((key, bytes[start..<reader.offset]))
        }
        return members
    }

    private static func elements(of value: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        let bytes = Array(value)
        var reader = JSONReader(bytes)
        var elements: [ArraySlice<UInt8>] = []
        try? reader.readArray { (reader) throws(JSONTextError) in
            let start = reader.offset
            try reader.skipValue()
            elements.append(bytes[start..<reader.offset])
        }
        return elements
    }
}
