/// Takes insignificant white space out of JSON text. Key order, number text and escapes stay as they are.
package enum JSONCompaction {
    /// Appends the JSON value in `range` of `text` to `output` without the white space outside its strings.
    ///
    /// The value must have been checked before; of other bytes the result is unspecified, though nothing is read
    /// outside `range`. Traps if `range` is not inside `text`.
    package static func append(_ text: RawSpan, range: Range<Int>, to output: inout [UInt8]) {
        let value = text.extracting(range)
        var runStart = 0
        var offset = 0
        while offset < value.byteCount {
            let byte = value.byte(at: offset)
            if byte == ASCII.quote {
                offset = endOfString(in: value, from: offset + 1)
            } else if byte.isJSONWhitespace {
                value.append(runStart..<offset, to: &output)
                while value.byte(at: offset).isJSONWhitespace { offset += 1 }
                runStart = offset
            } else {
                offset += 1
            }
        }
        value.append(runStart..<value.byteCount, to: &output)
    }

    /// The offset past the closing quotation mark of the string whose contents start at `start`.
    private static func endOfString(in value: RawSpan, from start: Int) -> Int {
        var offset = start
        while true {
            offset = value.firstQuoteOrBackslash(from: offset, to: value.byteCount)
            guard value.byte(at: offset) == ASCII.backslash else { return min(offset + 1, value.byteCount) }
            offset = min(offset + 2, value.byteCount)
        }
    }
}
