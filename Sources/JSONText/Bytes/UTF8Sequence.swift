extension RawSpan {
    /// The length of the UTF-8 sequence that starts at `offset` with a byte of 0x80 and up; nil if it is not valid by
    /// Unicode table 3-7: cut short, overlong, a surrogate, or above U+10FFFF.
    @inline(__always)
    func multiByteSequenceLength(at offset: Int) -> Int? {
        let lead = byte(at: offset)
        let second: ClosedRange<UInt8>
        let length: Int
        switch lead {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return nil
        }
        guard second.contains(byte(at: offset + 1)) else { return nil }
        for following in 2..<max(length, 2) where byte(at: offset + following) & 0xC0 != 0x80 { return nil }
        return length
    }
}
