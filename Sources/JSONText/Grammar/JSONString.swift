/// The place of a string token inside a JSON text.
///
/// Every method takes the text the token was found in; with another text the result is meaningless, or a trap if that
/// text is shorter.
@usableFromInline package struct JSONString: Sendable, Equatable {
    /// The bytes between the quotation marks.
    @usableFromInline package var range: Range<Int>
    /// Whether there is a backslash among them.
    @usableFromInline package var hasEscapes: Bool

    /// The token whose contents are the bytes `range`.
    @inlinable package init(range: Range<Int>, hasEscapes: Bool) {
        self.range = range
        self.hasEscapes = hasEscapes
    }

    /// Returns the content in UTF-8, with escapes decoded. An escaped surrogate without its other half becomes its
    /// three-byte form (WTF-8), so that different strings stay different.
    package func bytes(in text: RawSpan) -> [UInt8] {
        guard hasEscapes else { return text.copy(range) }
        return decoded(in: text, loneSurrogates: .encoded)
    }

    /// Calls `body` with the content in UTF-8. Makes no copy if the string has no escapes.
    package func withDecodedBytes<Result>(in text: RawSpan, _ body: (RawSpan) -> Result) -> Result {
        guard hasEscapes else { return body(text.extracting(range)) }
        let decoded = bytes(in: text)
        return body(decoded.span.bytes)
    }

    /// Returns the content. An escaped surrogate without its other half becomes U+FFFD.
    package func string(in text: RawSpan) -> String {
        guard hasEscapes else { return text.string(range) }
        return String(decoding: decoded(in: text, loneSurrogates: .replaced), as: UTF8.self)
    }

    /// Returns whether the content equals `name`, without allocating.
    @inline(__always)
    package func equals(_ name: String, in text: RawSpan) -> Bool {
        guard !hasEscapes else { return equalsDecoded(name, in: text) }
        return text.holds(name.utf8.span.bytes, in: range)
    }

    private func equalsDecoded(_ name: String, in text: RawSpan) -> Bool {
        var decoder = StringDecoder(self, loneSurrogates: .encoded)
        for byte in name.utf8 {
            guard decoder.next(in: text) == byte else { return false }
        }
        return decoder.next(in: text) == nil
    }

    private func decoded(in text: RawSpan, loneSurrogates: StringDecoder.LoneSurrogates) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(range.count)
        var decoder = StringDecoder(self, loneSurrogates: loneSurrogates)
        while let byte = decoder.next(in: text) { output.append(byte) }
        return output
    }
}

/// Yields a string token's decoded bytes one by one. The token must have been checked before.
struct StringDecoder {
    /// What becomes of an escaped surrogate that is not half of a pair.
    enum LoneSurrogates {
        /// Its three-byte form, which is not UTF-8 (it is WTF-8).
        case encoded
        /// U+FFFD.
        case replaced
    }

    private var offset: Int
    private let end: Int
    private let loneSurrogates: LoneSurrogates
    /// Bytes of a decoded escape that are still to be yielded, the next one lowest. None of them is 0.
    private var pending: UInt32 = 0

    /// A decoder at the start of `string`.
    init(_ string: JSONString, loneSurrogates: LoneSurrogates) {
        offset = string.range.lowerBound
        end = string.range.upperBound
        self.loneSurrogates = loneSurrogates
    }

    /// The next decoded byte; nil at the end.
    mutating func next(in text: RawSpan) -> UInt8? {
        if pending != 0 {
            let byte = UInt8(truncatingIfNeeded: pending)
            pending >>= 8
            return byte
        }
        guard offset < end else { return nil }
        let byte = text.byte(at: offset)
        offset += 1
        guard byte == ASCII.backslash, offset < end else { return byte }
        return escape(in: text)
    }

    private mutating func escape(in text: RawSpan) -> UInt8 {
        let sign = text.byte(at: offset)
        offset += 1
        switch Unicode.Scalar(sign) {
        case "b": return 0x08
        case "f": return 0x0C
        case "n": return ASCII.lineFeed
        case "r": return ASCII.carriageReturn
        case "t": return ASCII.tab
        case "u": return encode(scalar(in: text))
        default: return sign
        }
    }

    /// The code point of the `\u` escape whose digits come next, of both halves where it starts a pair.
    private mutating func scalar(in text: RawSpan) -> UInt32 {
        let first = codeUnit(in: text, at: offset)
        offset += 4
        guard first & 0xF800 == 0xD800 else { return first }
        let hasSecond =
            first < 0xDC00 && offset + 6 <= end && text.byte(at: offset) == ASCII.backslash
            && text.byte(at: offset + 1) == ASCII.letter("u")
        if hasSecond {
            let second = codeUnit(in: text, at: offset + 2)
            if second & 0xFC00 == 0xDC00 {
                offset += 6
                return 0x10000 + (first & 0x3FF) << 10 + second & 0x3FF
            }
        }
        return loneSurrogates == .encoded ? first : 0xFFFD
    }

    private func codeUnit(in text: RawSpan, at start: Int) -> UInt32 {
        var value: UInt32 = 0
        for position in start..<start + 4 { value = value << 4 | (text.byte(at: position).hexValue ?? 0) }
        return value
    }

    /// The first byte of `scalar` in (generalized) UTF-8; the others become `pending`.
    private mutating func encode(_ scalar: UInt32) -> UInt8 {
        let last = 0x80 | scalar & 0x3F
        let third = 0x80 | scalar >> 6 & 0x3F
        let second = 0x80 | scalar >> 12 & 0x3F
        switch scalar {
        case ..<0x80:
            return UInt8(truncatingIfNeeded: scalar)
        case ..<0x800:
            pending = last
            return UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6)
        case ..<0x10000:
            pending = third | last << 8
            return UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12)
        default:
            pending = second | third << 8 | last << 16
            return UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18)
        }
    }
}
