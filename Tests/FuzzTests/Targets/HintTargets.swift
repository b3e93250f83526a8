import JSONTestSupport
@testable import AuditArchive
@testable import AuditSync

extension FuzzTarget {
    /// What is kept beside the manifest, to make it anew.
    static let manifestFacts = FuzzTarget("manifest-facts", tokens: hintTokens + manifestTokens + jsonTokens) { bytes in
        HintJudge.judge(bytes, ManifestSidecar.init(decoding:), { $0.encoded() }) { facts in
            // A rebuild goes on from this generation.
            guard (0..<Int.max).contains(facts.generation) else { return nil }
            return "\(min(facts.pending.ranges.count, 4)) pending, organization \(facts.organization != nil)"
        }
    }

    /// What the tail's walk found.
    static let tailHint = FuzzTarget("tail-hint", tokens: hintTokens + jsonTokens) { bytes in
        HintJudge.judge(bytes, TailFingerprint.init(decoding:), { $0.encoded() }) {
            "\($0.edge.count) keys, \($0.order)"
        }
    }

    /// Where a backfill goes on.
    static let backfillHint = FuzzTarget("backfill-hint", tokens: hintTokens + jsonTokens) { bytes in
        HintJudge.judge(bytes, BackfillCursor.init(decoding:), { $0.encoded() }) { hint in
            (1...100).contains(hint.pages) ? "chain \(hint.chain != nil)" : nil
        }
    }
}

private let hintTokens = [
    #""generation": 42"#, #""manifest": "\#(String(repeating: "0a", count: 32))""#, #""rows": 16"#, #""page": 50"#,
    #""endless": false"#, #""far": []"#, #""seen_to": "2025-02-23T14:30:00.000000Z""#, #""start": "2025-02-23""#,
    #""total": 16"#, #""order": "ascending""#,
    #""order": "descending""#,
    #""walked_at": "2025-02-23T14:30:00.000000Z""#, #""edge": []"#, #""texts": "0123456789abcdef0123456789abcdef""#,
    #""pages": 0"#, #""pages": 101"#,
    #""from": "2025-02-23T14:30:00Z""#, #""next": "2025-02-23""#, #""start_timestamp": "#, #""pending": [],"#,
    #""550e8400e29b41d4a716446655440000""#, #""+50e8400e29b41d4a716446655440000""#, #""organization": null"#
]

private enum HintJudge {
    /// A hint that is taken must be JSON and stay itself when it is written. `kind` is nil for one that must not be.
    static func judge<Hint: Equatable>(
        _ bytes: [UInt8], _ decode: ([UInt8]) -> Hint?, _ encode: (Hint) -> [UInt8],
        _ kind: (Hint) -> String?
    ) -> FuzzOutcome {
        let fault = JSONJudge.fault(bytes.span.bytes)
        guard let hint = decode(bytes) else { return .refused(kind: fault?.kind ?? "JSON") }
        guard fault == nil else { return .violated("accepts what is not JSON") }
        guard let kind = kind(hint) else { return .violated("holds what it must not") }
        let text = encode(hint)
        guard FoundationJudge.accepts(text), decode(text) == hint, text.last == 0x0A else {
            return .violated("does not survive writing")
        }
        return .accepted(kind: kind)
    }
}
