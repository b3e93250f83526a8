// The module's only use of `unsafe…` calls. Every load below is either the bounds-checked variant or comes right after
// its own check, or that of the two loops that call `wordInside(at:)`; and it reads a plain integer, of which any bit
// pattern is a value. So none can read outside the span or make an invalid value.

extension RawSpan {
    /// The byte at `offset`, or 0 outside the span: NUL is valid nowhere in JSON text, so it stands for "nothing fits".
    @inlinable @inline(__always)
    package func byte(at offset: Int) -> UInt8 {
        // One comparison for both ends: a negative offset is a huge unsigned one.
        guard UInt(bitPattern: offset) < UInt(bitPattern: byteCount) else { return 0 }
        return unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
    }

    /// Eight bytes from `offset` on, the first one lowest. Traps unless all eight lie inside the span.
    @inlinable @inline(__always)
    package func word(at offset: Int) -> UInt64 {
        UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The same without a check, where the caller has just made sure that all eight lie inside the span: in the loops over
    /// keys and strings a second comparison for each word takes a twentieth of the time that reading a page does.
    @inlinable @inline(__always)
    func wordInside(at offset: Int) -> UInt64 {
        assert(offset >= 0 && offset <= byteCount - 8, "the word was not checked")
        return UInt64(littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
    }

    /// Whether the bytes of `range` are those of `other`. Traps if `range` is not inside the span.
    @inlinable @inline(__always)
    package func holds(_ other: RawSpan, in range: Range<Int>) -> Bool {
        let (start, count) = (range.lowerBound, other.byteCount)
        precondition(start >= 0 && range.upperBound <= byteCount, "the range is not inside")
        guard range.upperBound &- start == count else { return false }
        guard count >= 8 else {
            for offset in 0..<count where byte(at: start &+ offset) != other.byte(at: offset) { return false }
            return true
        }
        // The last eight, some of which may have been compared.
        let last = count &- 8
        var offset = 0
        while offset < last {
            guard wordInside(at: start &+ offset) == other.wordInside(at: offset) else { return false }
            offset &+= 8
        }
        return wordInside(at: start &+ last) == other.wordInside(at: last)
    }

    /// Copies the bytes of `range` to the end of `output`. Traps if `range` is not inside the span.
    func append(_ range: Range<Int>, to output: inout [UInt8]) {
        extracting(range).withUnsafeBytes { output.append(contentsOf: $0) }
    }

    /// A copy of the bytes of `range`. Traps if `range` is not inside the span.
    func copy(_ range: Range<Int>) -> [UInt8] {
        extracting(range).withUnsafeBytes { Array($0) }
    }

    /// `range` as a string, each invalid UTF-8 sequence replaced by U+FFFD. Traps if `range` is not inside the span.
    func string(_ range: Range<Int>) -> String {
        extracting(range).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}

extension RawSpan {
    /// The value of the decimal digits in `range`; nil if there are none, anything else is there, or `Int`
    /// cannot hold it.
    package func nonNegativeInteger(in range: Range<Int>) -> Int? {
        guard !range.isEmpty else { return nil }
        var value = 0
        for offset in range {
            let byte = byte(at: offset)
            guard byte.isDigit else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int(byte - ASCII.zero))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }
}

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
