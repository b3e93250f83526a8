package import JSONText

/// One page of a CaptivateIQ list endpoint, `{"object":"list","total_count":…,"next":…,"previous":…,"data":[…]}`:
/// the envelope's members, wherever they stand in it, and its records. Unknown members are checked and skipped; of
/// duplicates the last counts.
package struct PageScan: Sendable {
    /// Whether the page names a page after it. The URL itself is never followed.
    package enum Next: Sendable, Equatable {
        /// No such member.
        case missing
        /// `null`: the server holds this for the last page.
        case null
        /// Any other value.
        case present
    }

    /// `total_count`; nil when missing or anything but a number of digits only that fits `Int`.
    package var totalCount: Int?
    /// `next`.
    package var next = Next.missing
    /// The elements of `data` in their order; nil when `data` is missing or not an array.
    package var records: [RecordScan]?

    /// How deep the root may be nested: `JSONGrammar.maximumDepth` for a record, inside `data`, inside the envelope.
    private static let maximumDepth = JSONGrammar.maximumDepth + 2

    /// Checks and scans a whole page. A page that is JSON but not an object has no members. A byte order mark before it
    /// is passed over.
    /// - Throws: where `page` breaks RFC 8259, or a record in it is nested deeper than `JSONGrammar.maximumDepth`.
    package init(page: RawSpan) throws(JSONTextError) {
        var cursor = JSONCursor()
        cursor.skipByteOrderMark(in: page)
        cursor.skipWhitespace(in: page)
        if page.byte(at: cursor.offset) == ASCII.leftBrace {
            try scanMembers(at: &cursor, in: page)
        } else {
            try cursor.skipValue(in: page, depth: Self.maximumDepth)
        }
        try cursor.finish(in: page)
    }

    private mutating func scanMembers(at cursor: inout JSONCursor, in text: RawSpan) throws(JSONTextError) {
        cursor.offset += 1
        var hasMember = cursor.firstElement(in: text, close: ASCII.rightBrace)
        while hasMember {
            let key = try cursor.key(in: text)
            let start = cursor.offset
            if key.equals("data", in: text) {
                records = try Self.scanRecords(at: &cursor, in: text)
            } else {
                try cursor.skipValue(in: text, depth: Self.maximumDepth - 1)
            }
            if key.equals("total_count", in: text) {
                totalCount = text.nonNegativeInteger(in: start..<cursor.offset)
            } else if key.equals("next", in: text) {
                next = text.byte(at: start) == ASCII.letter("n") ? .null : .present
            }
            hasMember = try cursor.nextElement(in: text, close: ASCII.rightBrace)
        }
    }

    private static func scanRecords(
        at cursor: inout JSONCursor, in text: RawSpan
    ) throws(JSONTextError) -> [RecordScan]? {
        guard cursor.take(ASCII.leftBracket, in: text) else {
            try cursor.skipValue(in: text, depth: maximumDepth - 1)
            return nil
        }
        var records: [RecordScan] = []
        var keys = RecordKeys()
        var hasRecord = cursor.firstElement(in: text, close: ASCII.rightBracket)
        while hasRecord {
            records.append(try RecordScan(at: &cursor, in: text, keys: &keys))
            hasRecord = try cursor.nextElement(in: text, close: ASCII.rightBracket)
        }
        return records
    }
}
