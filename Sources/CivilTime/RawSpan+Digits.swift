/// How dates and times of a fixed form are read: bytes looked at in place, without strings.
extension RawSpan {
    /// The byte at `offset`, or 0 outside the span: NUL stands nowhere in a date.
    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        offset >= 0 && offset < byteCount ? unsafeLoad(fromByteOffset: offset, as: UInt8.self) : 0
    }

    /// The value of the decimal digits in `range`, at most nine of them; nil if anything else is there.
    @inline(__always)
    func digits(in range: Range<Int>) -> Int? {
        var value = 0
        for offset in range {
            let byte = byte(at: offset)
            guard byte.isDigit else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }
}

extension UInt8 {
    /// `0` to `9`.
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}
