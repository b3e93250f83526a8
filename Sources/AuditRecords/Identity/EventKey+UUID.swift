import JSONText

extension EventKey {
    /// The 128 bits of a UUID written as `8-4-4-4-12` lower-case hex digits; `nil` for any other text.
    static func canonicalUUID(_ id: RawSpan) -> (high: UInt64, low: UInt64)? {
        guard id.byteCount == 36, id.hasHyphen(at: 8), id.hasHyphen(at: 13), id.hasHyphen(at: 18), id.hasHyphen(at: 23),
            let first = hexadecimal(id.word(at: 0)), let second = hexadecimal(id.digits(at: 9, and: 14)),
            let third = hexadecimal(id.digits(at: 19, and: 24)), let fourth = hexadecimal(id.word(at: 28))
        else { return nil }
        return (first << 32 | second, third << 32 | fourth)
    }

    /// The value of eight lower-case hex digits, the first one in the lowest byte: all eight at once, for ids are a good
    /// part of what is read.
    private static func hexadecimal(_ word: UInt64) -> UInt64? {
        let text = UInt64(littleEndian: word)
        guard text & repeating(0x80) == 0 else { return nil }
        // Below 0x80 no sum carries into the next byte; its high bit says whether the byte reaches the bound.
        let isDigit = (text &+ repeating(0x80 - 0x30)) & ~(text &+ repeating(0x80 - 0x3A)) & repeating(0x80)
        let isLetter = (text &+ repeating(0x80 - 0x61)) & ~(text &+ repeating(0x80 - 0x67)) & repeating(0x80)
        guard isDigit | isLetter == repeating(0x80) else { return nil }
        var value = ((text & repeating(0x0F)) &+ (isLetter >> 7) &* 9).byteSwapped
        value = (value | value >> 4) & 0x00FF_00FF_00FF_00FF
        value = (value | value >> 8) & 0x0000_FFFF_0000_FFFF
        return (value | value >> 16) & 0xFFFF_FFFF
    }

    @inline(__always)
    private static func repeating(_ byte: UInt64) -> UInt64 { byte &* 0x0101_0101_0101_0101 }
}

extension RawSpan {
    fileprivate func hasHyphen(at offset: Int) -> Bool {
        unsafeLoad(fromByteOffset: offset, as: UInt8.self) == UInt8(ascii: "-")
    }

    /// Four bytes from one place and four from another, as they would lie side by side in memory.
    fileprivate func digits(at offset: Int, and other: Int) -> UInt64 {
        let low = UInt32(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
        let high = UInt32(littleEndian: unsafeLoadUnaligned(fromByteOffset: other, as: UInt32.self))
        return UInt64(littleEndian: UInt64(high) << 32 | UInt64(low))
    }
}
