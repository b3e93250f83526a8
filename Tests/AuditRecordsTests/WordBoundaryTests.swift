import AuditRecords
import JSONTestSupport
import JSONText
import Testing

/// Strings are searched eight bytes at a time: whatever ends or breaks one must be seen at every place in a word, and
/// the bytes before and after must not matter.
@Suite("Word boundaries")
struct WordBoundaryTests {
    private static let lengths = 0...26

    /// `{"id":"xxx…"}` after `padding` spaces, with `insert` at `position` among `length` fillers.
    private static func line(
        padding: Int, length: Int, position: Int, insert: [UInt8], filler: UInt8
    ) -> (bytes: [UInt8], contents: [UInt8]) {
        let contents =
            [UInt8](repeating: filler, count: position) + insert
            + [UInt8](repeating: filler, count: length - position)
        let bytes =
            [UInt8](repeating: 0x20, count: padding) + Array("{\"id\":\"".utf8) + contents + Array("\"}".utf8)
        return (bytes, contents)
    }

    /// Fillers next to the bytes searched for, so that a borrow or an off-by-one would show.
    @Test(arguments: [0x20, 0x21, 0x23, 0x5B, 0x5D, 0x61, 0x7F] as [UInt8])
    func findsTheEndAtEveryOffset(filler: UInt8) throws {
        for padding in 0..<8 {
            for length in Self.lengths {
                let (bytes, contents) = Self.line(
                    padding: padding, length: length, position: 0, insert: [], filler: filler)
                let id = try #require(try RecordScan(line: bytes.span.bytes).id)
                #expect(id.bytes(in: bytes.span.bytes) == contents)
                #expect(!id.hasEscapes)
            }
        }
    }

    @Test(arguments: ["\\n", "\\\"", "\\\\", "\\u0041", "é", "€", "𝄞"], [0x21, 0x23, 0x5D, 0x61] as [UInt8])
    func seesTheUnusualAtEveryOffset(insert: String, filler: UInt8) throws {
        for padding in 0..<8 {
            for position in Self.lengths {
                let (bytes, contents) = Self.line(
                    padding: padding, length: 26, position: position, insert: Array(insert.utf8), filler: filler)
                let id = try #require(try RecordScan(line: bytes.span.bytes).id)
                #expect(Array(bytes[id.range]) == contents)
                #expect(id.hasEscapes == insert.hasPrefix("\\"))
                var output: [UInt8] = []
                JSONCompaction.append(bytes.span.bytes, range: 0..<bytes.count, to: &output)
                #expect(output == Array(bytes.dropFirst(padding)))
            }
        }
    }

    @Test(arguments: [[0x00], [0x1F], [0x0A], [0x80], [0xFF], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x8C], [0x5C, 0x78]])
    func refusesTheInvalidAtEveryOffset(insert: [UInt8]) {
        for padding in 0..<8 {
            for position in Self.lengths {
                let (bytes, _) = Self.line(
                    padding: padding, length: 26, position: position, insert: insert, filler: 0x61)
                #expect(Verdicts(bytes).grammar?.offset == padding + 7 + position)
            }
        }
    }

    @Test func endsWithTheTextAtEveryOffset() {
        for length in 0...40 {
            let bytes = Array("\"".utf8) + [UInt8](repeating: 0x61, count: length)
            #expect(Verdicts(bytes).grammar == JSONTextError(reason: .unexpectedEnd, offset: bytes.count))
        }
    }

    /// A span in the middle of a larger buffer: what lies around it is not part of the text.
    @Test func readsNothingAroundTheSpan() throws {
        let bytes = Array(#"xx{"id":"abcdefghij"}yyyyyyyy"#.utf8)
        let inner = bytes.span.bytes.extracting(2..<bytes.count - 8)
        let id = try #require(try RecordScan(line: inner).id)
        #expect(id.string(in: inner) == "abcdefghij")
        let cut = bytes.span.bytes.extracting(2..<bytes.count - 10)
        let isCutRefused: Bool
        do throws(JSONTextError) {
            _ = try RecordScan(line: cut)
            isCutRefused = false
        } catch {
            isCutRefused = error.reason == .unexpectedEnd
        }
        #expect(isCutRefused)
    }
}
