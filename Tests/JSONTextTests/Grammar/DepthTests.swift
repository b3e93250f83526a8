import AuditRecords
import JSONTestSupport
@testable import JSONText
import Testing

@Suite("Nesting depth")
struct DepthTests {
    /// Levels around one more, and whether that is taken.
    private static let aroundTheLimit = [
        (510, true), (5_000, true), (JSONGrammar.maximumDepth - 1, true), (JSONGrammar.maximumDepth, false)
    ]

    @Test func theLimitIsAHundredThousand() {
        #expect(JSONGrammar.maximumDepth == 100_000)
    }

    @Test(arguments: [1, 2, 63, 64, 65, 66, 127, 128, 129, 130, 200, 510, 99_998])
    func closesWhatWasOpened(_ depth: Int) throws {
        // One level less than the limit, since the arrays hold an empty one each.
        let bytes = SeedDocuments.nested(depth)
        try JSONGrammar.check(bytes.span.bytes)
        // Another kind of bracket at the very end must be seen at every depth.
        let swapped = bytes.dropLast() + [bytes.last == 0x5D ? 0x7D : 0x5D]
        #expect(Verdicts(Array(swapped)).grammar?.reason == .unexpectedByte(swapped.last ?? 0))
    }

    @Test(arguments: ["[]", "{}"], ["[", #"{"a":"#])
    func acceptsTheLimitAndRefusesMore(core: String, open: String) {
        for (levels, accepted) in Self.aroundTheLimit {
            let close = String(repeating: open == "[" ? "]" : "}", count: levels)
            let bytes = Array((String(repeating: open, count: levels) + core + close).utf8)
            let fault = accepted ? nil : JSONTextError(reason: .tooDeep, offset: open.utf8.count * levels)
            #expect(Verdicts(bytes).grammar == fault)
            #expect(Verdicts(bytes).others["RecordScan"] == .some(fault))
            #expect(Verdicts(bytes).others["JSONReader"] == .some(fault))
        }
    }

    @Test(arguments: ["[]", "{}"], ["[", #"{"a":"#])
    func countsPageDepthFromEachRecord(core: String, open: String) {
        for (levels, accepted) in Self.aroundTheLimit {
            let close = String(repeating: open == "[" ? "]" : "}", count: levels)
            let record = String(repeating: open, count: levels) + core + close
            let page = Array(#"{"data":[1,\#(record),2],"next":null}"#.utf8)
            let fault = JSONTextError(reason: .tooDeep, offset: 11 + open.utf8.count * levels)
            #expect(Verdicts(page).others["PageScan"] == .some(accepted ? nil : fault))
            // Elsewhere in the envelope, and as the root, the limit counts from the root.
            let member = Array(#"{"x":[\#(record)]}"#.utf8)
            #expect((Verdicts(member).others["PageScan"] == .some(nil)) == accepted)
            let root = Array("[[\(record)]]".utf8)
            #expect((Verdicts(root).others["PageScan"] == .some(nil)) == accepted)
        }
    }

    @Test func takesALimitOfOnesOwn() {
        let bytes = Array("[[1]]".utf8)
        #expect(fault { () throws(JSONTextError) in try JSONGrammar.check(bytes.span.bytes, maximumDepth: 2) } == nil)
        let tooDeep = fault { () throws(JSONTextError) in
            try JSONGrammar.check(bytes.span.bytes, maximumDepth: 1)
        }
        #expect(tooDeep == JSONTextError(reason: .tooDeep, offset: 1))
    }

    @Test func doesNotOverflowTheStack() throws {
        let hostile = [UInt8](repeating: 0x5B, count: 2_000_000)
        #expect(Verdicts(hostile).grammar == JSONTextError(reason: .tooDeep, offset: 100_000))
        let deep = hostile + [UInt8](repeating: 0x5D, count: hostile.count)
        try JSONGrammar.check(deep.span.bytes, maximumDepth: hostile.count)
    }
}
