import AuditRecords
@testable import JSONText
import Testing

@Suite("String tokens")
struct JSONStringTests {
    /// The contents of `literal`, scanned as the `id` of a record.
    private static func decode(_ literal: String) throws -> (bytes: [UInt8], string: String) {
        let text = Array("{\"id\":\(literal)}".utf8)
        let token = try #require(try RecordScan(line: text.span.bytes).id)
        return (token.bytes(in: text.span.bytes), token.string(in: text.span.bytes))
    }

    @Test(arguments: [
        (#""""#, ""), (#""plain""#, "plain"), (#""é日𝄞""#, "é日𝄞"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\ud83d\ude00""#, "😀"), (#""\uD834\uDD1E!""#, "𝄞!"), (#""\u0000""#, "\0"),
        (#""\uFFFF""#, "\u{FFFF}"), (#""a\\u0041""#, "a\\u0041"),
        (#""\u007f\u0080\u07ff\u0800""#, "\u{7F}\u{80}\u{7FF}\u{800}"),
        (#""\udbff\udfff""#, "\u{10FFFF}"), (#""\ud800\udc00""#, "\u{10000}")
    ])
    func decodes(literal: String, value: String) throws {
        let decoded = try Self.decode(literal)
        #expect(decoded.string == value)
        #expect(decoded.bytes == Array(value.utf8))
    }

    @Test(arguments: [
        (#""\ud800""#, [0xED, 0xA0, 0x80] as [UInt8], "\u{FFFD}"),
        (#""\udfff""#, [0xED, 0xBF, 0xBF], "\u{FFFD}"),
        (#""a\ud83dz""#, [0x61, 0xED, 0xA0, 0xBD, 0x7A], "a\u{FFFD}z"),
        (#""\ud83d\n""#, [0xED, 0xA0, 0xBD, 0x0A], "\u{FFFD}\n"),
        (#""\ud83d\u0041""#, [0xED, 0xA0, 0xBD, 0x41], "\u{FFFD}A"),
        (#""\ud83d\ud83d\ude00""#, [0xED, 0xA0, 0xBD, 0xF0, 0x9F, 0x98, 0x80], "\u{FFFD}😀"),
        (#""\ude00\ud83d""#, [0xED, 0xB8, 0x80, 0xED, 0xA0, 0xBD], "\u{FFFD}\u{FFFD}")
    ])
    func keepsLoneSurrogates(literal: String, bytes: [UInt8], string: String) throws {
        let decoded = try Self.decode(literal)
        #expect(decoded.bytes == bytes)
        #expect(decoded.string == string)
    }

    @Test func decodesEveryEscapedScalar() throws {
        for value in UInt32(0)...0xFFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let digits = String(value, radix: 16)
            let token = Array("\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
            let string = JSONString(range: 0..<token.count, hasEscapes: true)
            #expect(string.bytes(in: token.span.bytes) == Array(String(scalar).utf8), "U+\(digits)")
        }
    }
}
