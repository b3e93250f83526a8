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
        var cursor = JSONCursor()
        cursor.skipWhitespace(in: line)
        var keys = RecordKeys()
        try self.init(at: &cursor, in: line, keys: &keys)
        try cursor.finish(in: line)
    }

    /// Checks and scans the value at `cursor` and moves past it. `keys`: those of the record before it in the same text.
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
