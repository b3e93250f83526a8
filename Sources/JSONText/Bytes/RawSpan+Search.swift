/// Searches that look at eight bytes at a time ("SIMD within a register").
///
/// `flags` below has the high bit of a byte set where that byte is wanted. A subtraction may borrow into the bytes
/// above a match, never below it, so the lowest flag is exact and the ones above it are not looked at.
extension RawSpan {
    /// The first byte from `start` on that a plain ASCII string does not go on over: a quotation mark, a backslash,
    /// a control character or a byte of 0x80 and up. `byteCount` if there is none.
    @inlinable @inline(__always)
    package func firstIrregularStringByte(from start: Int) -> Int {
        precondition(start >= 0, "the search starts outside")
        let last = byteCount - 8
        var offset = start
        while offset <= last {
            let word = wordInside(at: offset)
            // With this bit turned over, a quotation mark is a space, and the control characters stay below it.
            let quoteOrControl = (word ^ Word.repeating(ASCII.quote ^ ASCII.space)) &- Word.repeating(ASCII.space + 1)
            let backslash = (word ^ Word.repeating(ASCII.backslash)) &- Word.ones
            let flags = (quoteOrControl | backslash | word) & Word.highBits
            if flags != 0 { return offset &+ flags.trailingZeroBitCount / 8 }
            offset &+= 8
        }
        while offset < byteCount, byte(at: offset).isRegularInString { offset += 1 }
        return offset
    }

    /// The first backslash from `start` on; `byteCount` if there is none.
    package func firstBackslash(from start: Int) -> Int {
        var offset = start
        while byteCount - offset >= 8 {
            let other = word(at: offset) ^ Word.repeating(ASCII.backslash)
            let flags = (other &- Word.ones) & ~other & Word.highBits
            if flags != 0 { return offset + flags.trailingZeroBitCount / 8 }
            offset += 8
        }
        while offset < byteCount, byte(at: offset) != ASCII.backslash { offset += 1 }
        return offset
    }

    /// The first quotation mark or backslash in `start..<end`; `end` if there is none.
    func firstQuoteOrBackslash(from start: Int, to end: Int) -> Int {
        var offset = start
        while end - offset >= 8 {
            let word = word(at: offset)
            let quote = word ^ Word.repeating(ASCII.quote)
            let backslash = word ^ Word.repeating(ASCII.backslash)
            let flags = (((quote &- Word.ones) & ~quote) | ((backslash &- Word.ones) & ~backslash)) & Word.highBits
            if flags != 0 { return offset + flags.trailingZeroBitCount / 8 }
            offset += 8
        }
        while offset < end, byte(at: offset) != ASCII.quote, byte(at: offset) != ASCII.backslash { offset += 1 }
        return offset
    }
}

/// Eight equal bytes in one integer.
@usableFromInline
enum Word {
    @inlinable static var ones: UInt64 { 0x0101_0101_0101_0101 }
    @inlinable static var highBits: UInt64 { 0x8080_8080_8080_8080 }

    @inlinable @inline(__always)
    static func repeating(_ byte: UInt8) -> UInt64 { ones &* UInt64(byte) }
}

extension UInt8 {
    /// An ASCII byte that stands for itself inside a JSON string.
    @inlinable
    var isRegularInString: Bool {
        self >= ASCII.space && self < 0x80 && self != ASCII.quote && self != ASCII.backslash
    }
}
