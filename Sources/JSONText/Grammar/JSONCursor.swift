/// A place in a JSON text that moves forward over checked tokens. The text is handed to every call, as a span cannot be
/// stored; it must be the same one each time.
@usableFromInline package struct JSONCursor: Sendable {
    /// The next byte to look at.
    @usableFromInline package var offset = 0
    /// White space bytes skipped so far, all of them outside strings, and those of a byte order mark.
    package private(set) var whitespace = 0

    /// A cursor at the start of a text.
    package init() {}

    /// Moves past a byte order mark at the start of the text, which RFC 8259 section 8.1 lets a parser ignore.
    package mutating func skipByteOrderMark(in text: RawSpan) {
        guard offset == 0, Self.startsWithByteOrderMark(text) else { return }
        offset = 3
        whitespace = 3
    }

    private static func startsWithByteOrderMark(_ text: RawSpan) -> Bool {
        text.byte(at: 0) == 0xEF && text.byte(at: 1) == 0xBB && text.byte(at: 2) == 0xBF
    }

    /// Moves to the next byte that is not white space.
    @inlinable @inline(__always)
    package mutating func skipWhitespace(in text: RawSpan) {
        // Compact text, the usual case, pays for one comparison.
        if text.byte(at: offset) <= ASCII.space { skipWhitespaceRun(in: text) }
    }

    @usableFromInline
    mutating func skipWhitespaceRun(in text: RawSpan) {
        let start = offset
        while text.byte(at: offset).isJSONWhitespace { offset += 1 }
        whitespace += offset - start
    }

    /// Moves past `byte` if that is what comes next.
    @inlinable @inline(__always)
    package mutating func take(_ byte: UInt8, in text: RawSpan) -> Bool {
        guard text.byte(at: offset) == byte else { return false }
        offset += 1
        return true
    }

    /// Reads an object's key, the colon and the white space around it; stops at the value.
    @inlinable @inline(__always)
    package mutating func key(in text: RawSpan) throws(JSONTextError) -> JSONString {
        guard text.byte(at: offset) == ASCII.quote else { throw failure(in: text) }
        let key = try string(in: text)
        skipWhitespace(in: text)
        guard take(ASCII.colon, in: text) else { throw failure(in: text) }
        skipWhitespace(in: text)
        return key
    }

    /// After an opening bracket: true at the first element, false past `close` if there is none.
    @inlinable @inline(__always)
    package mutating func firstElement(in text: RawSpan, close: UInt8) -> Bool {
        skipWhitespace(in: text)
        return !take(close, in: text)
    }

    /// After an element: true at the next one, false past `close`.
    @inlinable @inline(__always)
    package mutating func nextElement(in text: RawSpan, close: UInt8) throws(JSONTextError) -> Bool {
        skipWhitespace(in: text)
        if take(ASCII.comma, in: text) {
            skipWhitespace(in: text)
            return true
        }
        guard take(close, in: text) else { throw failure(in: text) }
        return false
    }

    /// Checks that nothing but white space is left.
    package mutating func finish(in text: RawSpan) throws(JSONTextError) {
        skipWhitespace(in: text)
        guard offset == text.byteCount else { throw JSONTextError(reason: .trailingBytes, offset: offset) }
    }

    /// The error for a byte at `offset` that does not fit.
    @usableFromInline
    func failure(in text: RawSpan) -> JSONTextError {
        guard offset < text.byteCount else {
            return JSONTextError(reason: offset == whitespace ? .empty : .unexpectedEnd, offset: offset)
        }
        let isAtMark = offset == 0 && Self.startsWithByteOrderMark(text)
        let reason: JSONTextError.Reason = isAtMark ? .byteOrderMark : .unexpectedByte(text.byte(at: offset))
        return JSONTextError(reason: reason, offset: offset)
    }
}

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

extension JSONCursor {
    /// Reads the string whose opening quotation mark is the next byte.
    @inlinable @inline(__always)
    package mutating func string(in text: RawSpan) throws(JSONTextError) -> JSONString {
        let start = offset + 1
        let stop = text.firstIrregularStringByte(from: start)
        guard text.byte(at: stop) == ASCII.quote else { return try irregularString(in: text, from: start, at: stop) }
        offset = stop + 1
        return JSONString(range: start..<stop, hasEscapes: false)
    }

    /// Continues with a string that is not plain ASCII, from its first other byte on.
    @usableFromInline
    mutating func irregularString(
        in text: RawSpan, from start: Int, at stop: Int
    ) throws(JSONTextError) -> JSONString {
        var position = stop
        var hasEscapes = false
        while true {
            let byte = text.byte(at: position)
            switch byte {
            case ASCII.quote:
                offset = position + 1
                return JSONString(range: start..<position, hasEscapes: hasEscapes)
            case ASCII.backslash:
                hasEscapes = true
                position += try Self.escapeLength(in: text, at: position)
            case 0x80...:
                // In most scripts another one follows.
                repeat {
                    guard let length = text.multiByteSequenceLength(at: position) else {
                        throw JSONTextError(reason: .invalidUTF8, offset: position)
                    }
                    position += length
                } while text.byte(at: position) >= 0x80
            default:
                let reason: JSONTextError.Reason =
                    position < text.byteCount ? .controlCharacter(byte) : .unexpectedEnd
                throw JSONTextError(reason: reason, offset: position)
            }
            position = text.firstIrregularStringByte(from: position)
        }
    }

    private static func escapeLength(in text: RawSpan, at offset: Int) throws(JSONTextError) -> Int {
        switch Unicode.Scalar(text.byte(at: offset + 1)) {
        case "\"", "\\", "/", "b", "f", "n", "r", "t":
            return 2
        case "u":
            for position in offset + 2..<offset + 6 where text.byte(at: position).hexValue == nil {
                throw JSONTextError(reason: .invalidEscape, offset: offset)
            }
            return 6
        default:
            throw JSONTextError(reason: .invalidEscape, offset: offset)
        }
    }
}

extension JSONCursor {
    /// Moves past a number. Returns whether it is an integer: without a fraction and without an exponent.
    mutating func number(in text: RawSpan) throws(JSONTextError) -> Bool {
        _ = take(ASCII.minus, in: text)
        if !take(ASCII.zero, in: text) { try digits(in: text) }
        var isInteger = true
        if take(ASCII.period, in: text) {
            isInteger = false
            try digits(in: text)
        }
        if text.byte(at: offset) | 0x20 == ASCII.letter("e") {
            isInteger = false
            offset += 1
            if !take(ASCII.plus, in: text) { _ = take(ASCII.minus, in: text) }
            try digits(in: text)
        }
        return isInteger
    }

    private mutating func digits(in text: RawSpan) throws(JSONTextError) {
        let start = offset
        while text.byte(at: offset).isDigit { offset += 1 }
        guard offset > start else { throw JSONTextError(reason: .invalidNumber, offset: offset) }
    }

    /// Moves past `word`, one of `true`, `false` and `null`.
    mutating func literal(_ word: String, in text: RawSpan) throws(JSONTextError) {
        for byte in word.utf8 {
            guard take(byte, in: text) else { throw failure(in: text) }
        }
    }

    /// Moves past a value that holds no other values.
    mutating func skipScalar(in text: RawSpan) throws(JSONTextError) {
        switch Unicode.Scalar(text.byte(at: offset)) {
        case "\"": _ = try string(in: text)
        case "-", "0"..."9": _ = try number(in: text)
        case "t": try literal("true", in: text)
        case "f": try literal("false", in: text)
        case "n": try literal("null", in: text)
        default: throw failure(in: text)
        }
    }
}

/// The arrays and objects that are open, one bit each. Up to 64 levels need no memory of their own.
struct Nesting {
    /// How many are open.
    private(set) var depth = 0
    private var word: UInt64 = 0
    private var fullWords: [UInt64] = []

    /// Whether the innermost is an object. Meaningless while nothing is open.
    var isObject: Bool { word & 1 == 1 }

    /// Opens one more.
    mutating func push(isObject: Bool) {
        if depth > 0 && depth % 64 == 0 {
            fullWords.append(word)
        }
        word = word << 1 | (isObject ? 1 : 0)
        depth += 1
    }

    /// Closes the innermost.
    mutating func pop() {
        depth -= 1
        word >>= 1
        if depth > 0 && depth % 64 == 0, let full = fullWords.popLast() { word = full }
    }
}
