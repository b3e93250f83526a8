/// The grammar of RFC 8259, checked in full.
package enum JSONGrammar {
    /// How many arrays and objects may lie inside one another. RFC 8259 section 9 leaves the limit to the parser.
    package static let maximumDepth = 512

    /// Checks that `text` is exactly one JSON text: one value in valid UTF-8 with nothing around it but white space.
    ///
    /// Escaped surrogates without their other half (`"\uD800"`) and duplicate keys are grammatical and accepted.
    /// - Throws: the first fault and its place.
    package static func check(
        _ text: RawSpan, maximumDepth: Int = JSONGrammar.maximumDepth
    ) throws(JSONTextError) {
        var cursor = JSONCursor()
        cursor.skipWhitespace(in: text)
        try cursor.skipValue(in: text, depth: maximumDepth)
        try cursor.finish(in: text)
    }
}
