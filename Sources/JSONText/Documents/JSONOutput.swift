/// Writes JSON text.
package enum JSONOutput {
    /// `string` as a JSON string literal, with its quotation marks. Quotation marks, backslashes and control characters
    /// (below U+0020) are escaped; everything else stays as it is.
    package static func quoted(_ string: String) -> String {
        var output = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\u{08}": output += "\\b"
            case "\u{0C}": output += "\\f"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case ..<" ": output += (scalar.value < 0x10 ? "\\u000" : "\\u00") + String(scalar.value, radix: 16)
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output + "\""
    }
}

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
