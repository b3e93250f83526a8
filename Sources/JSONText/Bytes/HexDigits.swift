/// Hexadecimal digits, eight at a time.
package enum HexDigits {
    /// The number that eight lower-case digits are, of which the first one is in the lowest byte of `text`, as
    /// `RawSpan.word(at:)` gives them; `nil` for anything else. All at once: ids and hashes are a good part of what is read.
    @inlinable @inline(__always)
    package static func value(of text: UInt64) -> UInt64? {
        guard text & Word.highBits == 0 else { return nil }
        // Below 0x80 no sum carries into the next byte; its high bit says whether the byte reaches the bound.
        let isDigit = (text &+ Word.repeating(0x80 - 0x30)) & ~(text &+ Word.repeating(0x80 - 0x3A)) & Word.highBits
        let isLetter = (text &+ Word.repeating(0x80 - 0x61)) & ~(text &+ Word.repeating(0x80 - 0x67)) & Word.highBits
        guard isDigit | isLetter == Word.highBits else { return nil }
        var value = ((text & Word.repeating(0x0F)) &+ (isLetter >> 7) &* 9).byteSwapped
        value = (value | value >> 4) & 0x00FF_00FF_00FF_00FF
        value = (value | value >> 8) & 0x0000_FFFF_0000_FFFF
        return (value | value >> 16) & 0xFFFF_FFFF
    }
}
