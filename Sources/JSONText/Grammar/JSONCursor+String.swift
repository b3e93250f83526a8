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

    /// Goes on with a string that has more in it than plain ASCII, from its first other byte on.
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
