import Foundation

/// Rewrites JSON text (or what is JSON but for trailing commas) piece by piece, slowly and without the code under test.
package enum Rewriting {
    /// Without each comma that only white space separates from a closing bracket.
    package static func withoutTrailingCommas(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        for piece in pieces(of: bytes) {
            if piece == Array("]".utf8) || piece == Array("}".utf8),
                let last = output.lastIndex(where: { !" \t\r\n".utf8.contains($0) }), output[last] == UInt8(ascii: ",")
            {
                output.remove(at: last)
            }
            output += piece
        }
        return output
    }

    /// With `A` in place of each escaped surrogate that is not half of a pair.
    package static func withoutLoneSurrogates(_ bytes: [UInt8]) -> [UInt8] {
        pieces(of: bytes).flatMap { piece in
            piece.first == UInt8(ascii: "\"") ? pairingSurrogates(piece) : piece
        }
    }

    /// With 0 in place of each number that is infinite as a `Double`.
    package static func withoutOverflowingNumbers(_ bytes: [UInt8]) -> [UInt8] {
        pieces(of: bytes).flatMap { piece in
            guard let number = Double(String(decoding: piece, as: UTF8.self)), number.isInfinite else { return piece }
            return Array("0".utf8)
        }
    }

    /// How many arrays and objects lie inside one another at most.
    package static func depth(of bytes: [UInt8]) -> Int {
        var (depth, deepest) = (0, 0)
        for piece in pieces(of: bytes) {
            if piece == Array("[".utf8) || piece == Array("{".utf8) { depth += 1 }
            if piece == Array("]".utf8) || piece == Array("}".utf8) { depth -= 1 }
            deepest = max(deepest, depth)
        }
        return deepest
    }

    /// The text cut up into strings, single signs, and runs of anything else (numbers, literals).
    private static func pieces(of bytes: [UInt8]) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var run: [UInt8] = []
        var isInString = false
        var isEscaped = false
        for byte in bytes {
            let isQuote = byte == UInt8(ascii: "\"") && !isEscaped
            let isSign = "[]{},: \t\r\n".utf8.contains(byte)
            if !isInString && (isQuote || isSign) {
                if !run.isEmpty { pieces.append(run) }
                run = []
            }
            run.append(byte)
            let isLast = isInString ? isQuote : isSign
            if isLast {
                pieces.append(run)
                run = []
            }
            isEscaped = isInString && byte == UInt8(ascii: "\\") && !isEscaped
            if isQuote { isInString.toggle() }
        }
        return run.isEmpty ? pieces : pieces + [run]
    }

    private static func pairingSurrogates(_ string: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var rest = string[...]
        while let byte = rest.first {
            let unit = codeUnit(rest)
            let isPair =
                unit.map(UTF16.isLeadSurrogate) == true
                && codeUnit(rest.dropFirst(6)).map(UTF16.isTrailSurrogate) == true
            let isLone = !isPair && unit.map(UTF16.isSurrogate) == true
            let length = isPair ? 12 : unit != nil ? 6 : byte == UInt8(ascii: "\\") ? 2 : 1
            output += isLone ? [UInt8(ascii: "A")] : Array(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return output
    }

    /// The value of the `\u` escape that `bytes` start with.
    private static func codeUnit(_ bytes: ArraySlice<UInt8>) -> UInt16? {
        guard bytes.count >= 6, bytes.starts(with: Array("\\u".utf8)) else { return nil }
        return UInt16(String(decoding: bytes.dropFirst(2).prefix(4), as: UTF8.self), radix: 16)
    }
}
