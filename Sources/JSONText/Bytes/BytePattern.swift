/// ASCII text to look for in bytes, whatever the case of its letters.
///
/// It looks for the byte that is rarest in JSON text, eight bytes at a time, and compares the rest where that one is.
package struct BytePattern: Sendable {
    /// In lower case.
    private let bytes: [UInt8]
    /// Which of them is looked for.
    private let rarest: Int
    private let wanted: UInt64
    private let caseBits: UInt64

    /// The bytes of JSON text, the most frequent first. What is not among them is rarer still.
    private static let frequent = Array("\"e,:0_iratoson1d23-l456789.cumpb{}[]hgfvywk@ \\xzjq".utf8)

    /// A pattern; nil for an empty text, and for one that is not ASCII.
    package init?(_ text: some StringProtocol) {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        bytes = text.utf8.map(Self.lowercased)
        let ranks = bytes.map { byte in Self.frequent.firstIndex(of: byte) ?? Self.frequent.count }
        rarest = ranks.indices.max { ranks[$0] < ranks[$1] } ?? 0
        wanted = Word.repeating(bytes[rarest])
        caseBits = Self.isLetter(bytes[rarest]) ? Word.repeating(0x20) : 0
    }

    /// Whether the pattern stands anywhere in `text`.
    package func occurs(in text: RawSpan) -> Bool {
        var offset = rarest
        let end = text.byteCount - (bytes.count - rarest - 1)
        while end - offset >= 8 {
            let other = (text.word(at: offset) | caseBits) ^ wanted
            // A borrow can set a flag above a match by mistake; what follows compares anyway.
            var flags = (other &- Word.ones) & ~other & Word.highBits
            while flags != 0 {
                if stands(at: offset + flags.trailingZeroBitCount / 8 - rarest, in: text) { return true }
                flags &= flags &- 1
            }
            offset += 8
        }
        while offset < end {
            if stands(at: offset - rarest, in: text) { return true }
            offset += 1
        }
        return false
    }

    private func stands(at start: Int, in text: RawSpan) -> Bool {
        for index in bytes.indices where Self.lowercased(text.byte(at: start + index)) != bytes[index] { return false }
        return true
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
