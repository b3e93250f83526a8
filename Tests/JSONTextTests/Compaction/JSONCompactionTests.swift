import AuditRecords
import JSONTestSupport
@testable import JSONText
import Testing

@Suite("Compaction")
struct JSONCompactionTests {
    private static func compact(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        JSONCompaction.append(bytes.span.bytes, range: 0..<bytes.count, to: &output)
        return output
    }

    @Test(arguments: [
        ("{}", "{}"), (" { } ", "{}"), ("[ 1 , 2.50 , -0 , 1E+05 ]", "[1,2.50,-0,1E+05]"),
        ("\r\n\t\"a b\"\r\n", #""a b""#),
        (#"{ "b" : 1 , "a" : 2 , "b" : 3 }"#, #"{"b":1,"a":2,"b":3}"#),
        (#"[ "\" , \" " , "\\" ]"#, #"["\" , \" ","\\"]"#),
        (#"[ "\\\" " ]"#, #"["\\\" "]"#), (#"{ "é 日" : "\u00e9 𝄞" }"#, #"{"é 日":"\u00e9 𝄞"}"#), ("\u{20}null\n", "null")
    ])
    func takesWhiteSpaceOutsideStrings(text: String, expected: String) {
        #expect(Self.compact(Array(text.utf8)) == Array(expected.utf8))
    }

    @Test func appendsOnlyTheRange() {
        let text = Array(#"[ { "a" : 1 } , { "b" : 2 } ]"#.utf8)
        var output = Array("before:".utf8)
        JSONCompaction.append(text.span.bytes, range: 2..<13, to: &output)
        #expect(String(decoding: output, as: UTF8.self) == #"before:{"a":1}"#)
        JSONCompaction.append(text.span.bytes, range: 5..<5, to: &output)
        #expect(String(decoding: output, as: UTF8.self) == #"before:{"a":1}"#)
    }

    @Test(arguments: 0..<3_000 as Range<UInt64>)
    func keepsAllElse(seed: UInt64) throws {
        var generator = TextGenerator(seed: seed)
        let text = Array((generator.space() + generator.page() + generator.space()).utf8)
        let compacted = Self.compact(text)
        let message: Comment = "seed \(seed): \(String(decoding: text, as: UTF8.self))"
        #expect(ReferenceJSON(compacted) == ReferenceJSON(text), message)
        #expect(compacted == ReferenceJSON(text).compact, message)
        #expect(Self.compact(compacted) == compacted, message)
        #expect(compacted.filter { $0 > 0x20 } == text.filter { $0 > 0x20 }, message)
        #expect(try RecordScan(line: compacted.span.bytes).insignificantBytes == 0, message)
    }

    /// Bytes that are no JSON must not be read beyond, whatever they are cut in.
    @Test func staysInsideCutText() {
        let text = Array(#" { "a\\" : "b\"c" , "d" : [ 1 ] } "#.utf8)
        for start in 0..<text.count {
            for end in start...text.count {
                var output: [UInt8] = []
                JSONCompaction.append(text.span.bytes, range: start..<end, to: &output)
                #expect(output.filter { $0 > 0x20 } == text[start..<end].filter { $0 > 0x20 })
            }
        }
    }
}
