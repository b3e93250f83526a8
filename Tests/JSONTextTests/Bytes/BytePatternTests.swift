import JSONText
import Testing
import TestSupport

@Suite("A pattern in bytes")
struct BytePatternTests {
    @Test(
        "is found wherever it stands, in any case",
        arguments: [
            ("needle", "a NEEDLE in it", true), ("needle", "needl", false), ("needle", "needle", true),
            ("needle", "xxxxxxxxxxxxxxxxneedle", true), ("x", "", false), ("@", "````````````@", true),
            ("@", "````````````", false), ("{", "[[[[[[[[[[[", false), ("203.0", "203x0 203.0", true),
            ("aab", "aaaaaab", true)
        ])
    func places(pattern: String, text: String, expected: Bool) throws {
        let pattern = try #require(BytePattern(pattern))
        let isFound = pattern.occurs(in: text.utf8.span.bytes)
        #expect(isFound == expected)
    }

    @Test("is ASCII and not empty", arguments: ["", "é", "aé"])
    func refused(text: String) {
        #expect(BytePattern(text) == nil)
    }

    @Test("is found just where a plain search finds it", arguments: [UInt64(1), 2, 3])
    func random(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let letters = Array("aAbB@`[{~\u{7F}0 \"")
        func text(_ count: ClosedRange<Int>) -> String {
            let length = Int.random(in: count, using: &random)
            return String((0..<length).map { _ in letters.randomElement(using: &random) ?? "a" })
        }
        for _ in 0..<5000 {
            let (wanted, whole) = (text(1...4), text(0...40))
            let pattern = try #require(BytePattern(wanted))
            let expected = whole.lowercased().contains(wanted.lowercased())
            let isFound = pattern.occurs(in: whole.utf8.span.bytes)
            #expect(isFound == expected, "seed \(seed): \(wanted) in \(whole)")
        }
    }

    @Test("finds the first backslash", arguments: 0...20)
    func backslash(place: Int) {
        let text = String(repeating: "]", count: place) + "\\\\]]]"
        let bytes = text.utf8.span.bytes
        let (first, none) = (bytes.firstBackslash(from: 0), bytes.firstBackslash(from: place + 2))
        #expect(first == place)
        #expect(none == text.utf8.count)
    }
}
