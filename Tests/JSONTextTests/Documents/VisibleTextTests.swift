@testable import JSONText
import Testing

@Suite("Text from elsewhere")
struct VisibleTextTests {
    /// What a terminal obeys, what turns the order of what is shown around, and what shows nothing.
    static let hidden: [ClosedRange<UInt32>] = [
        0x00...0x1F, 0x7F...0x9F, 0xAD...0xAD, 0x061C...0x061C, 0x180E...0x180E, 0x200B...0x200F, 0x2028...0x202E,
        0x2060...0x206F, 0x3164...0x3164, 0xFEFF...0xFEFF, 0xFFF9...0xFFFB, 0xE0001...0xE0001, 0xE0020...0xE007F,
        0xE0100...0xE01EF
    ]

    @Test("has an escape for every character that is not to be shown")
    func hides() throws {
        for value in Self.hidden.joined() {
            let scalar = try #require(Unicode.Scalar(value))
            let text = "a\(scalar)b"
            #expect(VisibleText.isHidden(scalar), "\(String(value, radix: 16))")
            #expect(!VisibleText.oneLine(text).unicodeScalars.contains(scalar))
            #expect(VisibleText.oneLine(text).hasPrefix("a\\"))
            #expect(VisibleText.lines(text).unicodeScalars.contains(scalar) == (scalar == "\n"))
            let quoted = VisibleText.quotedJSON(text)
            #expect(!quoted.unicodeScalars.contains(scalar))
            var reader = JSONReader(Array(quoted.utf8))
            #expect(try reader.readString() == text)
        }
    }

    @Test(
        "stays as it is otherwise",
        arguments: ["", "Zoë Ångström", "東京 𝄞 🇨🇭", "e\u{301}", "\u{A0}", "\u{1F44D}\u{FE0F}", "\\u202e", "a\u{E000}"])
    func leaves(text: String) {
        #expect(VisibleText.oneLine(text) == text)
        #expect(VisibleText.lines("\(text)\n") == "\(text)\n")
        #expect(VisibleText.quotedJSON(text) == JSONOutput.quoted(text))
    }

    @Test(
        "is escaped as JSON would be",
        arguments: [
            ("\u{9B}2J", "\\u009b2J"), ("a\nb\r\t", "a\\nb\\r\\t"), ("\u{202E}", "\\u202e"), ("\u{E0041}", "\\ue0041")
        ])
    func escapes(text: String, shown: String) {
        #expect(VisibleText.oneLine(text) == shown)
    }
}
