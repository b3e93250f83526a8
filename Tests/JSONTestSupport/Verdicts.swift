import AuditRecords
package import JSONText

/// The verdicts of everything that checks the whole grammar.
package struct Verdicts {
    package let grammar: JSONTextError?
    package let others: [String: JSONTextError?]

    package init(_ bytes: [UInt8]) {
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
package func fault(_ body: () throws(JSONTextError) -> Void) -> JSONTextError? {
    do {
        try body()
        return nil
    } catch {
        return error
    }
}
