/// A part of a JSON text.
package enum JSONToken: Sendable, Equatable {
    /// An object or an array begins; its members or elements follow, then ``close``.
    case openObject, openArray
    /// The innermost object or array ends.
    case close
    /// A member's key; its value follows.
    case key(JSONString)
    /// A string that is a value.
    case string(JSONString)
    /// A number, `true`, `false` or `null`: its bytes.
    case scalar(Range<Int>)
}

/// The parts of a JSON text one after the other. Open arrays and objects are kept as bits and not as calls, so that no
/// text can overflow the stack.
package struct JSONTokens {
    private var cursor = JSONCursor()
    private var nesting = Nesting()

    /// Hands over the parts of `text`, exactly one value.
    /// - Throws: where `text` breaks RFC 8259 or is nested deeper than `JSONGrammar.maximumDepth`; the parts before that
    ///   place were handed over.
    package static func visit(_ text: RawSpan, _ body: (JSONToken) -> Void) throws(JSONTextError) {
        var tokens = JSONTokens()
        tokens.cursor.skipWhitespace(in: text)
        repeat { try tokens.visitValue(in: text, body) } while try tokens.goOn(in: text, body)
        try tokens.cursor.finish(in: text)
    }

    /// Passes a scalar or an empty container, or the way into a container up to the scalar that comes first.
    private mutating func visitValue(in text: RawSpan, _ body: (JSONToken) -> Void) throws(JSONTextError) {
        while true {
            let (start, byte) = (cursor.offset, text.byte(at: cursor.offset))
            guard byte == ASCII.leftBrace || byte == ASCII.leftBracket else {
                if byte == ASCII.quote { return body(.string(try cursor.string(in: text))) }
                try cursor.skipScalar(in: text)
                return body(.scalar(start..<cursor.offset))
            }
            guard nesting.depth < JSONGrammar.maximumDepth else {
                throw JSONTextError(reason: .tooDeep, offset: start)
            }
            let isObject = byte == ASCII.leftBrace
            cursor.offset += 1
            body(isObject ? .openObject : .openArray)
            guard cursor.firstElement(in: text, close: isObject ? ASCII.rightBrace : ASCII.rightBracket) else {
                return body(.close)
            }
            nesting.push(isObject: isObject)
            if isObject { body(.key(try cursor.key(in: text))) }
        }
    }

    /// After a value: closes what ends here and moves to the next value (true); false once nothing is open.
    private mutating func goOn(in text: RawSpan, _ body: (JSONToken) -> Void) throws(JSONTextError) -> Bool {
        while nesting.depth > 0 {
            let isObject = nesting.isObject
            if try cursor.nextElement(in: text, close: isObject ? ASCII.rightBrace : ASCII.rightBracket) {
                if isObject { body(.key(try cursor.key(in: text))) }
                return true
            }
            nesting.pop()
            body(.close)
        }
        return false
    }
}
