/// Base64 as RFC 4648 section 4 has it, with padding.
package enum Base64Text {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The text of some bytes.
    package static func encoded(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        var (word, count): (UInt32, Int) = (0, 0)
        for byte in bytes {
            word = word << 8 | UInt32(byte)
            count += 1
            if count == 3 {
                append(word, digits: 4, to: &text)
                (word, count) = (0, 0)
            }
        }
        if count > 0 {
            append(word << (8 * UInt32(3 - count)), digits: count + 1, to: &text)
            text.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - count))
        }
        return text
    }

    /// Whether a text is Base64.
    static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let padding = bytes.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        return bytes.count % 4 == 0 && padding <= 2 && bytes.dropLast(padding).allSatisfy(digits.contains)
    }

    /// The bytes of a text; `nil` if it is no Base64.
    static func decoded(_ text: String) -> [UInt8]? {
        guard isValid(text) else { return nil }
        var bytes: [UInt8] = []
        var (word, bits): (UInt32, UInt32) = (0, 0)
        for character in text.utf8 {
            guard let digit = digits.firstIndex(of: character) else { break }
            word = word << 6 | UInt32(digit)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: word >> bits))
            }
        }
        return bytes
    }

    private static func append(_ word: UInt32, digits count: Int, to text: inout [UInt8]) {
        for index in 0..<count { text.append(digits[Int(word >> (18 - 6 * UInt32(index)) & 63)]) }
    }
}
