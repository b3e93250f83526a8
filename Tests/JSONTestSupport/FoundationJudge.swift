import Foundation

/// `JSONSerialization` as the judge of what is JSON, and the known ways in which it departs from RFC 8259. (Duplicate
/// keys are none of them: it accepts them.)
package enum FoundationJudge {
    /// What Foundation (swift-corelibs-foundation, Swift 6.3) does differently.
    package enum Difference: CaseIterable {
        /// It skips a byte order mark; RFC 8259 section 8.1 allows that but does not make the mark part of the text.
        case byteOrderMark
        /// It detects UTF-16 and UTF-32 by mark or by NUL bytes among the first four; RFC 8259 knows UTF-8 only.
        case otherEncoding
        /// It takes a comma after the last element or member.
        case trailingComma
        /// It refuses an escaped surrogate without its other half, which no Swift string can hold.
        case loneSurrogate
        /// It refuses a number that overflows `Double`.
        case numberOverflow
        /// It takes 512 arrays and objects inside one another; the limit here is another.
        case depth
    }

    package static func accepts(_ bytes: [UInt8]) -> Bool {
        (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
    }

    /// Why Foundation accepts `bytes`, which `strict` refuses: what it is known to let pass is taken away, and `strict`
    /// has to accept the rest. Nil if that does not explain it.
    package static func explainAcceptance(_ bytes: [UInt8], strict: ([UInt8]) -> Bool) -> Set<Difference>? {
        for (difference, text) in readings(of: bytes) {
            var differences: Set<Difference> = difference.map { [$0] } ?? []
            let trimmed = Rewriting.withoutTrailingCommas(text)
            if trimmed != text { differences.insert(.trailingComma) }
            if !differences.isEmpty && strict(trimmed) { return differences }
        }
        return nil
    }

    /// Why Foundation refuses `bytes`, which are JSON: what it is known to refuse is replaced by something harmless,
    /// and it has to accept the rest. Nil if that does not explain it.
    package static func explainRefusal(_ bytes: [UInt8]) -> Set<Difference>? {
        var differences: Set<Difference> = []
        let paired = Rewriting.withoutLoneSurrogates(bytes)
        if paired != bytes { differences.insert(.loneSurrogate) }
        let finite = Rewriting.withoutOverflowingNumbers(paired)
        if finite != paired { differences.insert(.numberOverflow) }
        if Rewriting.depth(of: bytes) > 512 { return differences.union([.depth]) }
        return !differences.isEmpty && accepts(finite) ? differences : nil
    }

    /// `bytes` in UTF-8, for every encoding Foundation may have taken them for.
    private static func readings(of bytes: [UInt8]) -> [(Difference?, [UInt8])] {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return [(.byteOrderMark, Array(bytes.dropFirst(3)))] }
        let hasMark = bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE])
        guard hasMark || bytes.prefix(4).contains(0) else { return [(nil, bytes)] }
        let encodings: [String.Encoding] = [
            .utf16, .utf16LittleEndian, .utf16BigEndian, .utf32, .utf32LittleEndian, .utf32BigEndian
        ]
        return encodings.compactMap { encoding in
            String(bytes: bytes, encoding: encoding).map { text in
                (.otherEncoding, Array(text.unicodeScalars.drop { $0 == "\u{FEFF}" }.map(String.init).joined().utf8))
            }
        }
    }
}
