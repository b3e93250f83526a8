/// Gives compact JSON text the insignificant white space of a style. Strings and numbers stay as they are.
struct WhitespaceWriter {
    private let style: WhitespaceStyle
    private var random: SeededGenerator
    private var out: [UInt8] = []
    private var depth = 0

    static func rewrite(_ compact: [UInt8], _ style: WhitespaceStyle, seed: UInt64) -> [UInt8] {
        guard style != .compact else { return compact }
        var writer = WhitespaceWriter(style: style, random: SeededGenerator(seed: seed, stream: UInt64(compact.count)))
        writer.out.reserveCapacity(compact.count * 2)
        writer.write(compact)
        return writer.out
    }

    private init(style: WhitespaceStyle, random: SeededGenerator) {
        self.style = style
        self.random = random
    }

    private mutating func write(_ compact: [UInt8]) {
        var inString = false
        var escaped = false
        for byte in compact {
            if inString {
                out.append(byte)
                inString = escaped || byte != UInt8(ascii: "\"")
                escaped = !escaped && byte == UInt8(ascii: "\\")
            } else {
                inString = byte == UInt8(ascii: "\"")
                writeOutsideString(byte)
            }
        }
        if style == .ragged { space() }
    }

    private mutating func writeOutsideString(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            surround(byte, spaceAfter: nil, depthChange: 1)
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            if style == .pretty { newLine() }
            surround(byte, spaceAfter: false, depthChange: 0)
        case UInt8(ascii: ","):
            surround(byte, spaceAfter: nil, depthChange: 0)
        case UInt8(ascii: ":"):
            surround(byte, spaceAfter: true, depthChange: 0)
        default:
            out.append(byte)
        }
    }

    /// - Parameter spaceAfter: for the pretty style: a space (true), nothing (false) or a new line (nil).
    private mutating func surround(_ byte: UInt8, spaceAfter: Bool?, depthChange: Int) {
        if style == .ragged { space() }
        out.append(byte)
        depth += depthChange
        if style == .ragged { return space() }
        switch spaceAfter {
        case nil: newLine()
        case .some(true): out.append(UInt8(ascii: " "))
        case .some(false): break
        }
    }

    private mutating func newLine() {
        out.append(UInt8(ascii: "\n"))
        out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }

    private mutating func space() {
        let kinds: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
        for _ in 0..<random.below(3) { out.append(kinds[random.below(4)]) }
    }
}
