import AuditRecords
import JSONTestSupport
import JSONText
import Testing

@Suite("A byte order mark")
struct ByteOrderMarkTests {
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    @Test("before a page is passed over, and places count from the first byte")
    func page() throws {
        let text = Array(#" {"total_count":1,"next":null,"data":[ {"id":"a"} ]}"#.utf8)
        let plain = try PageScan(page: text.span.bytes)
        let bytes = Self.mark + text
        let marked = try PageScan(page: bytes.span.bytes)
        #expect(marked.totalCount == 1 && marked.next == .null)
        let (one, other) = (try #require(plain.records?.first), try #require(marked.records?.first))
        #expect(other.range == one.range.lowerBound + 3..<one.range.upperBound + 3)
        #expect(Array(bytes[other.range]) == Array(#"{"id":"a"}"#.utf8))
        #expect(other.insignificantBytes == 0)
        #expect(other.id?.string(in: bytes.span.bytes) == "a")
    }

    @Test(
        "hides no fault",
        arguments: [
            ("", JSONTextError.Reason.empty, 3), (" ", .empty, 4), ("{\"a\":NaN}", .unexpectedByte(0x4E), 8),
            ("\u{FEFF}{}", .unexpectedByte(0xEF), 3), ("{} x", .trailingBytes, 6)
        ])
    func faults(text: String, reason: JSONTextError.Reason, offset: Int) {
        let bytes = Self.mark + Array(text.utf8)
        let expected = JSONTextError(reason: reason, offset: offset)
        #expect(fault { () throws(JSONTextError) in _ = try PageScan(page: bytes.span.bytes) } == expected)
        #expect(
            fault { () throws(JSONTextError) in
                try JSONGrammar.check(bytes.span.bytes, passesByteOrderMark: true)
            } == expected)
    }

    @Test("before a document is passed over where its reader says so, and refused elsewhere")
    func document() throws {
        let bytes = Self.mark + Array("[1]".utf8)
        var reader = JSONReader(bytes, passesByteOrderMark: true)
        #expect(reader.offset == 3)
        try reader.readArray { (element) throws(JSONTextError) in #expect(try element.readInteger() == 1) }
        try reader.finish()
        let strict = fault { () throws(JSONTextError) in
            var reader = JSONReader(bytes)
            try reader.skipValue()
        }
        #expect(strict == JSONTextError(reason: .byteOrderMark, offset: 0))
    }
}
