@testable import JSONText
import Testing

@Suite("JSON output")
struct JSONOutputTests {
    @Test(arguments: [
        ("", #""""#), ("plain", #""plain""#), (#"a"b\c/d"#, #""a\"b\\c/d""#),
        ("é日𝄞\u{7F}\u{2028}", "\"é日𝄞\u{7F}\u{2028}\""),
        ("\u{8}\u{C}\n\r\t", #""\b\f\n\r\t""#), ("\0\u{1}\u{B}\u{1F}", #""\u0000\u0001\u000b\u001f""#),
        ("\r\n", #""\r\n""#)
    ])
    func quotes(string: String, literal: String) {
        #expect(JSONOutput.quoted(string) == literal)
    }

    @Test func whatItWritesReadsBackTheSame() throws {
        for value in UInt32(0)...0x3000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let string = "x\(scalar)\"\(scalar)"
            var reader = JSONReader(Array(JSONOutput.quoted(string).utf8))
            let read = try reader.readString()
            // Compared as bytes: strings are equal when only their normalization differs.
            #expect(Array(read.utf8) == Array(string.utf8), "U+\(String(value, radix: 16))")
            try reader.finish()
        }
    }
}
