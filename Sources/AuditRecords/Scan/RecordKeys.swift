import JSONText
/// The keys of the record read last. The records of a list nearly always have the same ones in the same order, and bytes
/// that are those of a key already checked need no second check.
struct RecordKeys {
    /// A key with its quotation marks and its colon, without white space.
    private struct Key {
        /// Where it stands; empty for one that has white space.
        var range: Range<Int>
        var member: RecordMember?
    }

    /// A hostile record may have millions.
    private static let most = 64

    private var keys: [Key] = []

    /// Moves past the key, the colon and the white space of a record's member `number`, counted from 0, and says which
    /// member it is, if one that is looked at. All records must be in the same text.
    @inline(__always)
    mutating func next(
        _ number: Int, at cursor: inout JSONCursor, in text: RawSpan
    ) throws(JSONTextError) -> RecordMember? {
        if number < keys.count {
            let key = keys[number]
            let end = cursor.offset + key.range.count
            if !key.range.isEmpty, end <= text.byteCount,
                text.holds(text.extracting(key.range), in: cursor.offset..<end)
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
        let key = Key(range: start..<end, member: member)
        if number < keys.count { keys[number] = key } else if number < Self.most { keys.append(key) }
        return member
    }
}
