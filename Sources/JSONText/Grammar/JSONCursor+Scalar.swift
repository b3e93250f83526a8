extension JSONCursor {
    /// Moves past a number and says whether it is an integer: without a fraction and without an exponent.
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
