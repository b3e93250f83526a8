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
        var cursor = JSONCursor()
        cursor.skipWhitespace(in: line)
        try self.init(at: &cursor, in: line)
        try cursor.finish(in: line)
    }

    /// Checks and scans the value at `cursor` and moves past it.
    init(at cursor: inout JSONCursor, in text: RawSpan) throws(JSONTextError) {
        let start = cursor.offset
        let whitespaceBefore = cursor.whitespace
        range = start..<start
        insignificantBytes = 0
        isObject = text.byte(at: start) == ASCII.leftBrace
        if isObject {
            try scanMembers(at: &cursor, in: text)
        } else {
            try cursor.skipValue(in: text, depth: JSONGrammar.maximumDepth)
        }
        range = start..<cursor.offset
        insignificantBytes = cursor.whitespace - whitespaceBefore
    }

    private mutating func scanMembers(at cursor: inout JSONCursor, in text: RawSpan) throws(JSONTextError) {
        cursor.offset += 1
        var hasMember = cursor.firstElement(in: text, close: ASCII.rightBrace)
        while hasMember {
            let member = Member(try cursor.key(in: text), in: text)
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

    private mutating func set(_ member: Member, to value: JSONString?) {
        switch member {
        case .id: id = value
        case .createdAt: createdAt = value
        case .organizationID: organizationID = value
        case .organizationName: organizationName = value
        }
    }
}

/// The members of a record that are looked at.
private enum Member: String, CaseIterable {
    case id
    case createdAt = "created_at"
    case organizationID = "organization_id"
    case organizationName = "organization_name"

    /// The member that `key` names, if it is one of these.
    @inline(__always)
    init?(_ key: JSONString, in text: RawSpan) {
        guard !key.hasEscapes else {
            self.init(escaped: key, in: text)
            return
        }
        // Length and first letter rule nearly every other key out.
        switch (key.range.count, text.byte(at: key.range.lowerBound)) {
        case (2, ASCII.letter("i")) where key.says("id", in: text): self = .id
        case (10, ASCII.letter("c")) where key.says("created_at", in: text): self = .createdAt
        case (15, ASCII.letter("o")) where key.says("organization_id", in: text): self = .organizationID
        case (17, ASCII.letter("o")) where key.says("organization_name", in: text): self = .organizationName
        default: return nil
        }
    }

    private init?(escaped key: JSONString, in text: RawSpan) {
        for member in Member.allCases where key.says(member.rawValue, in: text) {
            self = member
            return
        }
        return nil
    }
}
