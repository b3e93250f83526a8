import AuditRecords
import JSONTestSupport
@testable import JSONText
import Testing
import TestSupport

@Suite("Mutations, with Foundation as the judge")
struct MutationTests {
    private static let casesPerRun = 6_250

    @Test(arguments: 0..<16 as Range<UInt64>)
    func agreesWithFoundation(run: UInt64) {
        var accepted = 0
        for number in 0..<UInt64(Self.casesPerRun) {
            let seed = run << 32 | number
            var mutator = Mutator(seed: seed)
            let bytes = mutator.document()
            let verdicts = Verdicts(bytes)
            if verdicts.grammar == nil { accepted += 1 }
            if let complaint = Self.complaint(about: bytes, verdicts) {
                Issue.record("seed \(seed): \(complaint): \(Self.hex(bytes))")
            }
            // Must neither trap nor grow what it is given, whatever that is.
            var output: [UInt8] = []
            JSONCompaction.append(bytes.span.bytes, range: 0..<bytes.count, to: &output)
            if output.count > bytes.count { Issue.record("seed \(seed): compaction grew \(Self.hex(bytes))") }
        }
        // Mutations that are all refused, or all harmless, would show nothing.
        #expect((Self.casesPerRun / 10...Self.casesPerRun * 9 / 10).contains(accepted), "\(accepted) accepted")
    }

    @Test(arguments: [
        ("\u{FEFF}[1]", [FoundationJudge.Difference.byteOrderMark]),
        ("[\u{0}1\u{0}]\u{0}", [.otherEncoding]),
        ("[1, ]", [.trailingComma]),
        ("{\"a\":[{},],}", [.trailingComma]),
        ("\u{FEFF}[1,]", [.byteOrderMark, .trailingComma]),
        ("[\"\\ud83d\"]", [.loneSurrogate]),
        ("[-1e309]", [.numberOverflow]),
        ("[\"\\ude00\\ud83d\", 1E400]", [.loneSurrogate, .numberOverflow]),
        (String(repeating: "[", count: 513) + String(repeating: "]", count: 513), [.depth])
    ])
    func knowsTheDifferences(text: String, differences: [FoundationJudge.Difference]) {
        let bytes = Array(text.utf8)
        if Verdicts(bytes).grammar == nil {
            #expect(!FoundationJudge.accepts(bytes))
            #expect(FoundationJudge.explainRefusal(bytes) == Set(differences))
        } else {
            #expect(FoundationJudge.accepts(bytes))
            #expect(FoundationJudge.explainAcceptance(bytes, strict: Self.isJSON) == Set(differences))
        }
    }

    @Test(arguments: ["[1,,]", "[01]", "[\"\\x\"]", "[1", "[\"\u{1}\"]", "[,]x"])
    func explainsNothingElse(text: String) {
        #expect(FoundationJudge.explainAcceptance(Array(text.utf8), strict: Self.isJSON) == nil)
    }

    /// What is wrong with the verdicts on `bytes`; nil if they agree or differ in a known way.
    private static func complaint(about bytes: [UInt8], _ verdicts: Verdicts) -> String? {
        let isJSON = verdicts.grammar == nil
        for (name, fault) in verdicts.others {
            // A page may be two levels deeper than a text alone.
            let isDeeper = name == "PageScan" && verdicts.grammar?.reason == .tooDeep
            if fault != verdicts.grammar && !isDeeper { return "\(name) says \(String(describing: fault))" }
        }
        switch (isJSON, FoundationJudge.accepts(bytes)) {
        case (true, false):
            return FoundationJudge.explainRefusal(bytes) == nil ? "Foundation refuses" : nil
        case (false, true):
            return FoundationJudge.explainAcceptance(bytes, strict: Self.isJSON) == nil ? "Foundation accepts" : nil
        default:
            return nil
        }
    }

    private static func isJSON(_ bytes: [UInt8]) -> Bool { Verdicts(bytes).grammar == nil }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
