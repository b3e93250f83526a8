/// A string token inside a JSON text: where it is, not what it says.
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

    /// What the string says, in UTF-8 with escapes decoded. An escaped surrogate without its other half becomes its
    /// three-byte form (WTF-8), so that different strings stay different.
    package func bytes(in text: RawSpan) -> [UInt8] {
        guard hasEscapes else { return text.copy(range) }
        return decoded(in: text, loneSurrogates: .encoded)
    }

    /// Hands over what the string says as UTF-8, without a copy where it has no escapes.
    package func withDecodedBytes<Result>(in text: RawSpan, _ body: (RawSpan) -> Result) -> Result {
        guard hasEscapes else { return body(text.extracting(range)) }
        let decoded = bytes(in: text)
        return body(decoded.span.bytes)
    }

    /// What the string says. An escaped surrogate without its other half becomes U+FFFD.
    package func string(in text: RawSpan) -> String {
        guard hasEscapes else { return text.string(range) }
        return String(decoding: decoded(in: text, loneSurrogates: .replaced), as: UTF8.self)
    }

    /// Whether the string says `name`, without allocating.
    @inline(__always)
    package func says(_ name: String, in text: RawSpan) -> Bool {
        guard !hasEscapes else { return saysDecoded(name, in: text) }
        return text.holds(name.utf8.span.bytes, in: range)
    }

    private func saysDecoded(_ name: String, in text: RawSpan) -> Bool {
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
