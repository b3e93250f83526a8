import AuditRecords
import JSONTestSupport
import JSONText

extension FuzzTarget {
    /// A page of the API.
    static let page = FuzzTarget("page", tokens: pageTokens + jsonTokens, judge: PageJudge.judge)
}

let pageTokens = [
    #""data""#, #""data":["#, #""d\u0061ta":[{}]"#, #""total_count":"#, #""next":"#, "null", #""previous":null"#,
    #"{"object":"list","#, #"{"id":"a","created_at":"2025-02-23T14:30:00Z"}"#, #""id":"#, #""created_at":"#,
    #""organization_id":"#, #""organization_name":"#, #""\u0069d""#, #""created\u005Fat""#
]

/// Snippets at the edges of the grammar.
let jsonTokens = [
    "\"", "\\", "{", "}", "[", "]", ",", ":", " ", "\n", "\r\n", "\t", "\u{0B}", "\u{0}", "\u{1F}", "\u{7F}", "0", "-",
    ".",
    "e", "E+1", "true", "false", "null", "nul", "\\u", "\\u0000", "\\ud800", "\\udc00", "\\uD83D\\uDE00", "\\x", "\\\\",
    "\\\"", "\u{FEFF}", "é", "€", "𝄞", "[]", "{}", "\"\":", "\"a\":1,", ",1", "[[[[[[[[", "]]]]]]]]", "        ", "/**/"
]

private enum PageJudge {
    /// A record may be as deep as a text alone, inside the array, inside the envelope.
    static let maximumDepth = JSONGrammar.maximumDepth + 2

    static func judge(_ bytes: [UInt8]) -> FuzzOutcome {
        if let complaint = JSONJudge.disagreement(about: bytes) { return .violated(complaint) }
        return withGuardedBytes(bytes) { text in
            let fault = JSONJudge.fault(text, maximumDepth: maximumDepth, passesByteOrderMark: true)
            do throws(JSONTextError) {
                let page = try PageScan(page: text)
                guard fault == nil else { return .violated("PageScan accepts what the grammar refuses") }
                return verdict(on: page, in: text, bytes)
            } catch {
                guard error == fault else { return .violated("PageScan and the grammar name different faults") }
                let complaint = JSONJudge.compactionFault(text, 0..<bytes.count, isValid: false)
                return complaint.map { .violated($0) } ?? .refused(kind: error.kind)
            }
        }
    }

    private static func verdict(on page: PageScan, in text: RawSpan, _ bytes: [UInt8]) -> FuzzOutcome {
        if let complaint = JSONJudge.compactionFault(text, 0..<bytes.count, isValid: true) {
            return .violated(complaint)
        }
        for record in page.records ?? [] {
            let complaint = JSONJudge.compactionFault(text, record.range, isValid: true)
            if let complaint { return .violated(complaint) }
        }
        if JSONJudge.isShallow(text), let complaint = disagreement(of: page, with: ReferenceJSON(bytes), bytes) {
            return .violated(complaint)
        }
        let count = page.records.map { "\(min($0.count, 8)) records" } ?? "no records"
        return .accepted(kind: "\(count), total \(page.totalCount != nil), next \(page.next)")
    }

    /// In what the scan is not what the reference says; nil if it agrees.
    private static func disagreement(
        of page: PageScan, with reference: ReferenceJSON, _ bytes: [UInt8]
    ) -> String? {
        let elements = reference.member("data")?.elements
        guard page.records?.count == elements?.count else { return "another number of records" }
        for (record, element) in zip(page.records ?? [], elements ?? []) {
            let complaint = RecordReference.disagreement(of: record, with: element, in: bytes)
            if let complaint { return "a record has another \(complaint)" }
        }
        guard page.next == next(in: reference) else { return "another `next`" }
        return page.totalCount == totalCount(in: reference) ? nil : "another `total_count`"
    }

    private static func next(in reference: ReferenceJSON) -> PageScan.Next {
        guard let next = reference.member("next") else { return .missing }
        return next == .scalar(Array("null".utf8)) ? .null : .present
    }

    private static func totalCount(in reference: ReferenceJSON) -> Int? {
        guard case .scalar(let bytes) = reference.member("total_count"), bytes.first != UInt8(ascii: "-") else {
            return nil
        }
        return Int(String(decoding: bytes, as: UTF8.self))
    }
}
