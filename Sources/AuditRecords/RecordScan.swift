package import CivilTime
package import JSONText

/// One record found in a JSON text: where it is, and where its members are that the export looks at.
package struct RecordScan: Sendable {
    /// The value's bytes in the scanned text, without white space around it.
    package var range: Range<Int>
    /// Whether the value is an object. If not, none of the members below is set.
    package var isObject: Bool
    /// White space bytes outside strings inside `range`; 0 if the record is compact already.
    package var insignificantBytes: Int
    /// The member `id`. Like the others: the record's own and none nested in it, the last of duplicates, keys compared
    /// after decoding escapes; nil if it is missing or is no string.
    package var id: JSONString?
    /// The member `created_at`.
    package var createdAt: JSONString?
    /// The member `organization_id`.
    package var organizationID: JSONString?
    /// The member `organization_name`.
    package var organizationName: JSONString?

    /// Checks and scans one JSON text that is a single record, such as an archive line without its line feed.
    /// - Throws: where `line` breaks RFC 8259, is nested deeper than `JSONGrammar.maximumDepth`, or goes on after
    ///   the value.
    package init(line: RawSpan) throws(JSONTextError) {
        var keys = RecordKeys()
        try self.init(line: line, keys: &keys)
    }

    /// The same for one of many records. `keys`: those of the record before it.
    package init(line: RawSpan, keys: inout RecordKeys) throws(JSONTextError) {
        var cursor = JSONCursor()
        cursor.skipWhitespace(in: line)
        try self.init(at: &cursor, in: line, keys: &keys)
        try cursor.finish(in: line)
    }

    /// Checks and scans the value at `cursor` and moves past it. `keys`: those of the record before it.
    init(at cursor: inout JSONCursor, in text: RawSpan, keys: inout RecordKeys) throws(JSONTextError) {
        let start = cursor.offset
        let whitespaceBefore = cursor.whitespace
        range = start..<start
        insignificantBytes = 0
        isObject = text.byte(at: start) == ASCII.leftBrace
        if isObject {
            try scanMembers(at: &cursor, in: text, keys: &keys)
        } else {
            try cursor.skipValue(in: text, depth: JSONGrammar.maximumDepth)
        }
        range = start..<cursor.offset
        insignificantBytes = cursor.whitespace - whitespaceBefore
    }

    private mutating func scanMembers(
        at cursor: inout JSONCursor, in text: RawSpan, keys: inout RecordKeys
    ) throws(JSONTextError) {
        cursor.offset += 1
        var number = 0
        var hasMember = cursor.firstElement(in: text, close: ASCII.rightBrace)
        while hasMember {
            let member = try keys.next(number, at: &cursor, in: text)
            number += 1
            var value: JSONString?
            if text.byte(at: cursor.offset) == ASCII.quote {
                value = try cursor.string(in: text)
            } else {
                try cursor.skipValue(in: text, depth: JSONGrammar.maximumDepth - 1)
            }
            if let member { set(member, to: value) }
            hasMember = try cursor.nextElement(in: text, close: ASCII.rightBrace)
        }
    }

    private mutating func set(_ member: RecordMember, to value: JSONString?) {
        switch member {
        case .id: id = value
        case .createdAt: createdAt = value
        case .organizationID: organizationID = value
        case .organizationName: organizationName = value
        }
    }

    /// The event time; `nil` if `created_at` is absent or not readable.
    package func time(in text: RawSpan) -> Timestamp? {
        guard let createdAt else { return nil }
        return createdAt.withDecodedBytes(in: text) { Timestamp(rfc3339: $0) }
    }
}

/// The keys of the record read last. The records of a list or a file nearly always have the same ones in the same order, and
/// bytes that are those of a key already checked need no second check.
package struct RecordKeys: Sendable {
    /// A key with its quotation marks and its colon, without white space.
    private struct Key {
        /// Where it stands in ``RecordKeys/text``; empty for one that has white space.
        var range: Range<Int>
        var member: RecordMember?
    }

    /// A hostile record may have millions.
    private static let most = 64
    /// Records whose keys are never the same leave more and more of them.
    private static let mostBytes = 8_192

    private var keys: [Key] = []
    private var text: [UInt8] = []

    /// Before the first record.
    package init() {}

    /// Moves past the key, the colon and the white space of a record's member `number`, counted from 0, and says which
    /// member it is, if one that is looked at.
    @inline(__always)
    mutating func next(
        _ number: Int, at cursor: inout JSONCursor, in text: RawSpan
    ) throws(JSONTextError) -> RecordMember? {
        if number < keys.count {
            let key = keys[number]
            let end = cursor.offset + key.range.count
            if !key.range.isEmpty, end <= text.byteCount,
                text.holds(self.text.span.bytes.extracting(key.range), in: cursor.offset..<end)
            {
                cursor.offset = end
                cursor.skipWhitespace(in: text)
                return key.member
            }
        }
        return try check(number, at: &cursor, in: text)
    }

    private mutating func check(
        _ number: Int, at cursor: inout JSONCursor, in text: RawSpan
    ) throws(JSONTextError) -> RecordMember? {
        let start = cursor.offset
        let whitespace = cursor.whitespace
        let token = try cursor.key(in: text)
        let member = RecordMember(token, in: text)
        // Skipped white space is counted, repeated keys are not looked into: one with white space is none of them.
        let end = cursor.whitespace == whitespace ? cursor.offset : start
        keep(member, number, text.extracting(start..<end))
        return member
    }

    private mutating func keep(_ member: RecordMember?, _ number: Int, _ bytes: RawSpan) {
        if text.count + bytes.byteCount > Self.mostBytes {
            keys.removeAll(keepingCapacity: true)
            text.removeAll(keepingCapacity: true)
        }
        guard number <= keys.count, number < Self.most, bytes.byteCount <= Self.mostBytes else { return }
        let key = Key(range: text.count..<text.count + bytes.byteCount, member: member)
        bytes.withUnsafeBytes { text.append(contentsOf: $0) }
        if number < keys.count { keys[number] = key } else { keys.append(key) }
    }
}

/// The members of a record that the export looks at.
enum RecordMember: String, CaseIterable {
    case id
    case createdAt = "created_at"
    case organizationID = "organization_id"
    case organizationName = "organization_name"

    /// The member that `key` names, if it is one of these.
    init?(_ key: JSONString, in text: RawSpan) {
        guard !key.hasEscapes else {
            self.init(escaped: key, in: text)
            return
        }
        // Length and first letter rule nearly every other key out.
        switch (key.range.count, text.byte(at: key.range.lowerBound)) {
        case (2, ASCII.letter("i")) where key.equals("id", in: text): self = .id
        case (10, ASCII.letter("c")) where key.equals("created_at", in: text): self = .createdAt
        case (15, ASCII.letter("o")) where key.equals("organization_id", in: text): self = .organizationID
        case (17, ASCII.letter("o")) where key.equals("organization_name", in: text): self = .organizationName
        default: return nil
        }
    }

    private init?(escaped key: JSONString, in text: RawSpan) {
        for member in RecordMember.allCases where key.equals(member.rawValue, in: text) {
            self = member
            return
        }
        return nil
    }
}
