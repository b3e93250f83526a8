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
