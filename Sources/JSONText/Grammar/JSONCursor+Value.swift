extension JSONCursor {
    /// Moves past the value at `offset`, checking all of it, with at most `depth` arrays and objects in one another.
    ///
    /// Open arrays and objects are kept as bits and not as calls: hostile input cannot overflow the stack.
    @inline(__always)
    package mutating func skipValue(in text: RawSpan, depth: Int) throws(JSONTextError) {
        switch text.byte(at: offset) {
        case ASCII.leftBrace, ASCII.leftBracket: try skipContainer(in: text, depth: depth)
        default: try skipScalar(in: text)
        }
    }

    private mutating func skipContainer(in text: RawSpan, depth: Int) throws(JSONTextError) {
        var nesting = Nesting()
        while true {
            let opened = try beginValue(in: text, nesting: &nesting, depth: depth)
            if opened { continue }
            let another = try endValue(in: text, nesting: &nesting)
            if !another { return }
        }
    }

    /// Moves past a scalar or an empty container (false), or into a container up to its first value (true).
    @inline(__always)
    private mutating func beginValue(
        in text: RawSpan, nesting: inout Nesting, depth: Int
    ) throws(JSONTextError) -> Bool {
        let byte = text.byte(at: offset)
        guard byte == ASCII.leftBrace || byte == ASCII.leftBracket else {
            try skipScalar(in: text)
            return false
        }
        guard nesting.depth < depth else { throw JSONTextError(reason: .tooDeep, offset: offset) }
        let isObject = byte == ASCII.leftBrace
        offset += 1
        guard firstElement(in: text, close: isObject ? ASCII.rightBrace : ASCII.rightBracket) else { return false }
        nesting.push(isObject: isObject)
        if isObject { _ = try key(in: text) }
        return true
    }

    /// After a value: closes what ends here and moves to the next value (true); false once nothing is open.
    @inline(__always)
    private mutating func endValue(in text: RawSpan, nesting: inout Nesting) throws(JSONTextError) -> Bool {
        while nesting.depth > 0 {
            let isObject = nesting.isObject
            let close = isObject ? ASCII.rightBrace : ASCII.rightBracket
            let another = try nextElement(in: text, close: close)
            if another {
                if isObject { _ = try key(in: text) }
                return true
            }
            nesting.pop()
        }
        return false
    }
}
