import JSONTestSupport
import JSONText

/// What must hold of every verdict about JSON text, by references that share nothing with the scanners.
enum JSONJudge {
    /// What the grammar says about `text`: nil if it is JSON.
    static func fault(
        _ text: RawSpan, maximumDepth: Int = JSONGrammar.maximumDepth, passesByteOrderMark: Bool = false
    ) -> JSONTextError? {
        do {
            try JSONGrammar.check(text, maximumDepth: maximumDepth, passesByteOrderMark: passesByteOrderMark)
            return nil
        } catch {
            return error
        }
    }

    /// How the grammar and Foundation disagree about `bytes`, but for Foundation's known ways; nil if they agree.
    static func disagreement(about bytes: [UInt8]) -> String? {
        switch (isJSON(bytes), FoundationJudge.accepts(bytes)) {
        case (true, false): FoundationJudge.explainRefusal(bytes) == nil ? "Foundation refuses" : nil
        case (false, true):
            FoundationJudge.explainAcceptance(bytes, strict: isJSON) == nil ? "Foundation accepts" : nil
        default: nil
        }
    }

    /// Whether `bytes` are JSON that the reference, which calls itself for each level, can be asked about.
    static func isShallow(_ text: RawSpan) -> Bool { fault(text, maximumDepth: 100) == nil }

    /// Valid JSON without the white space outside its strings, byte by byte.
    static func withoutSpace(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var isInString = false
        var isEscaped = false
        for byte in bytes {
            if isInString || ![0x20, 0x0A, 0x0D, 0x09].contains(byte) { output.append(byte) }
            let isQuote = byte == 0x22 && !isEscaped
            isEscaped = isInString && byte == 0x5C && !isEscaped
            if isQuote { isInString.toggle() }
        }
        return output
    }

    /// What is wrong with the compaction of `range` in `text`, a value that is JSON if `isValid`; nil if nothing is.
    static func compactionFault(_ text: RawSpan, _ range: Range<Int>, isValid: Bool) -> String? {
        let original = text.extracting(range).withUnsafeBytes { Array($0) }
        var once: [UInt8] = [0x2E]
        JSONCompaction.append(text, range: range, to: &once)
        guard once.removeFirst() == 0x2E, once.count <= original.count else { return "compaction grows" }
        guard isValid else { return nil }
        guard once == withoutSpace(original) else { return "compaction differs" }
        var twice: [UInt8] = []
        JSONCompaction.append(once.span.bytes, range: 0..<once.count, to: &twice)
        return once == twice ? nil : "compaction is not idempotent"
    }

    private static func isJSON(_ bytes: [UInt8]) -> Bool { fault(bytes.span.bytes) == nil }
}

extension JSONTextError {
    /// The reason without its place and bytes.
    var kind: String { String("\(reason)".prefix { $0 != "(" }) }
}

extension ReferenceJSON {
    /// The text of a string as Swift has it, where lone surrogates become U+FFFD; nil for any other value.
    var text: String? {
        guard case .string(let contents) = self else { return nil }
        return String(decoding: Self.decoded(contents), as: UTF16.self)
    }

    /// The value of an integer; nil for any other value.
    var integer: Int? {
        guard case .scalar(let bytes) = self else { return nil }
        return Int(String(decoding: bytes, as: UTF8.self))
    }

    /// The elements of an array; nil for any other value.
    var elements: [ReferenceJSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }
}
