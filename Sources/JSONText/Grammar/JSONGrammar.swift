/// The grammar of RFC 8259, checked in full.
package enum JSONGrammar {
    /// How many arrays and objects may lie inside one another. RFC 8259 section 9 leaves the limit to the parser.
    package static let maximumDepth = 100_000

    /// Checks that `text` is exactly one JSON text: one value in valid UTF-8 with nothing around it but white space.
    ///
    /// Escaped surrogates without their other half (`"\uD800"`) and duplicate keys are grammatical and accepted.
    /// `passesByteOrderMark`: one that stands before the text is passed over, where otherwise it is a fault.
    /// - Throws: the first fault and its place.
    package static func check(
        _ text: RawSpan, maximumDepth: Int = JSONGrammar.maximumDepth, passesByteOrderMark: Bool = false
    ) throws(JSONTextError) {
        var cursor = JSONCursor()
        if passesByteOrderMark { cursor.skipByteOrderMark(in: text) }
        cursor.skipWhitespace(in: text)
        try cursor.skipValue(in: text, depth: maximumDepth)
        try cursor.finish(in: text)
    }
}
