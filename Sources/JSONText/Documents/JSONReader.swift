/// Reads a small JSON document value by value, in the document's order, as its reader asks for them: a manifest, a
/// journal, a ledger. The grammar is checked on the way, so a document is known to be JSON once `finish()` returns.
///
/// All methods skip white space before what they read, and throw `JSONTextError` at the place where the text breaks
/// RFC 8259 or holds another type than asked for.
package struct JSONReader: Sendable {
    // Every method takes its own reference, since a span of `self` could not outlive the change of `cursor`.
    private let bytes: [UInt8]
    private var cursor = JSONCursor()
    private var depth = 0

    /// How many arrays and objects may be open at once in ``readArray(_:)`` and ``readObject(_:)``, whose callers may nest
    /// by recursion. What is skipped may be nested as deeply as anywhere.
    static let maximumOpen = 512

    /// A reader at the start of `bytes`. `passesByteOrderMark`: one that stands before the document is passed over, where
    /// otherwise it is a fault.
    package init(_ bytes: [UInt8], passesByteOrderMark: Bool = false) {
        self.bytes = bytes
        if passesByteOrderMark { cursor.skipByteOrderMark(in: bytes.span.bytes) }
    }

    /// The next byte to be read, from the start of the document.
    package var offset: Int { cursor.offset }

    /// Reads an object and calls `member` for each of its members in turn, duplicates included. `member` gets the key,
    /// decoded, and must read or skip the value.
    package mutating func readObject(
        _ member: (inout JSONReader, _ key: String) throws(JSONTextError) -> Void
    ) throws(JSONTextError) {
        let bytes = bytes
        let text = bytes.span.bytes
        try open(ASCII.leftBrace, orThrow: .notAnObject)
        var hasMember = cursor.firstElement(in: text, close: ASCII.rightBrace)
        while hasMember {
            let key = try cursor.key(in: text).string(in: text)
            try member(&self, key)
            hasMember = try cursor.nextElement(in: text, close: ASCII.rightBrace)
        }
        depth -= 1
    }

    /// Reads an array and calls `element` at each of its elements in turn, which must read or skip it.
    package mutating func readArray(
        _ element: (inout JSONReader) throws(JSONTextError) -> Void
    ) throws(JSONTextError) {
        let bytes = bytes
        let text = bytes.span.bytes
        try open(ASCII.leftBracket, orThrow: .notAnArray)
        var hasElement = cursor.firstElement(in: text, close: ASCII.rightBracket)
        while hasElement {
            try element(&self)
            hasElement = try cursor.nextElement(in: text, close: ASCII.rightBracket)
        }
        depth -= 1
    }

    /// Reads a string and decodes it. An escaped surrogate without its other half becomes U+FFFD.
    package mutating func readString() throws(JSONTextError) -> String {
        let bytes = bytes
        let text = bytes.span.bytes
        _ = try begin(.notAString) { $0 == ASCII.quote }
        return try cursor.string(in: text).string(in: text)
    }

    /// Reads an integer: a number without fraction and exponent that fits `Int`.
    package mutating func readInteger() throws(JSONTextError) -> Int {
        let bytes = bytes
        let text = bytes.span.bytes
        let start = try begin(.notAnInteger) { $0.isDigit || $0 == ASCII.minus }
        guard try cursor.number(in: text) else {
            throw JSONTextError(reason: .notAnInteger, offset: start)
        }
        guard let value = Int(text.string(start..<cursor.offset)) else {
            throw JSONTextError(reason: .integerOutOfRange, offset: start)
        }
        return value
    }

    /// Reads `true` or `false`.
    package mutating func readBool() throws(JSONTextError) -> Bool {
        let bytes = bytes
        let text = bytes.span.bytes
        let start = try begin(.notABoolean) { $0 == ASCII.letter("t") || $0 == ASCII.letter("f") }
        let value = bytes[start] == ASCII.letter("t")
        try cursor.literal(value ? "true" : "false", in: text)
        return value
    }

    /// Reads `null` and returns true. Before any other value it does not move and returns false.
    package mutating func readNull() throws(JSONTextError) -> Bool {
        let bytes = bytes
        let text = bytes.span.bytes
        cursor.skipWhitespace(in: text)
        guard text.byte(at: cursor.offset) == ASCII.letter("n") else { return false }
        try cursor.literal("null", in: text)
        return true
    }

    /// Moves past a value of any type.
    package mutating func skipValue() throws(JSONTextError) {
        let bytes = bytes
        let text = bytes.span.bytes
        cursor.skipWhitespace(in: text)
        try cursor.skipValue(in: text, depth: JSONGrammar.maximumDepth)
    }

    /// Checks that the document ends here, but for white space.
    package mutating func finish() throws(JSONTextError) {
        let bytes = bytes
        let text = bytes.span.bytes
        try cursor.finish(in: text)
    }

    /// Moves past an opening bracket.
    private mutating func open(_ bracket: UInt8, orThrow reason: JSONTextError.Reason) throws(JSONTextError) {
        let start = try begin(reason) { $0 == bracket }
        guard depth < Self.maximumOpen else { throw JSONTextError(reason: .tooDeep, offset: start) }
        depth += 1
        cursor.offset += 1
    }

    /// Moves to the next value and returns where it starts. Throws `reason` if it is valid JSON of another type.
    private mutating func begin(
        _ reason: JSONTextError.Reason, _ isWanted: (UInt8) -> Bool
    ) throws(JSONTextError) -> Int {
        let bytes = bytes
        let text = bytes.span.bytes
        cursor.skipWhitespace(in: text)
        let start = cursor.offset
        guard !isWanted(text.byte(at: start)) else { return start }
        // Grammar faults come first: garbage is not "another type".
        var probe = cursor
        try probe.skipValue(in: text, depth: JSONGrammar.maximumDepth)
        throw JSONTextError(reason: reason, offset: start)
    }
}
