import JSONText
import Testing

/// One row of a table of JSON texts.
struct TextCase: CustomTestStringConvertible, Sendable {
    let name: String
    let bytes: [UInt8]

    init(_ name: String, _ text: String) {
        self.name = name
        bytes = Array(text.utf8)
    }

    init(_ name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// `bytes` as the contents of a string in an array.
    init(_ name: String, inString bytes: [UInt8]) {
        self.name = name
        self.bytes = Array("[\"".utf8) + bytes + Array("\"]".utf8)
    }

    var testDescription: String { name }
}

/// The verdicts of everything in the module that checks the whole grammar.
struct Verdicts {
    let grammar: JSONTextError?
    let others: [String: JSONTextError?]

    init(_ bytes: [UInt8]) {
        grammar = fault { () throws(JSONTextError) in try JSONGrammar.check(bytes.span.bytes) }
        others = [
            "RecordScan": fault { () throws(JSONTextError) in _ = try RecordScan(line: bytes.span.bytes) },
            // A byte order mark before it is none of a page's faults.
            "PageScan": bytes.starts(with: [0xEF, 0xBB, 0xBF])
                ? grammar
                : fault { () throws(JSONTextError) in _ = try PageScan(page: bytes.span.bytes) },
            "JSONReader": fault { () throws(JSONTextError) in
                var reader = JSONReader(bytes)
                try reader.skipValue()
                try reader.finish()
            }
        ]
    }
}

/// What `body` throws, if anything.
func fault(_ body: () throws(JSONTextError) -> Void) -> JSONTextError? {
    do {
        try body()
        return nil
    } catch {
        return error
    }
}
