/// A JSON value with its place in the text, parsed into a tree in the plainest way: the reference for the scanners, and
/// what two texts are compared by. Its input must be valid.
package indirect enum ReferenceJSON: Equatable {
    case object([Member])
    case array([ReferenceJSON])
    /// The bytes between the quotation marks, escapes as they are.
    case string([UInt8])
    /// A number or a literal as it is written.
    case scalar([UInt8])

    package struct Member: Equatable {
        var key: [UInt8]
        var value: ReferenceJSON
    }

    package init(_ bytes: [UInt8]) {
        var parser = ReferenceParser(rest: bytes[...])
        self = parser.value()
    }

    /// The value of the last member whose key, decoded, is `name`.
    package func member(_ name: String) -> ReferenceJSON? {
        guard case .object(let members) = self else { return nil }
        return members.last { Self.decoded($0.key) == Array(name.utf16) }?.value
    }

    /// The text without white space outside strings.
    package var compact: [UInt8] {
        switch self {
        case .scalar(let bytes): bytes
        case .string(let bytes): [0x22] + bytes + [0x22]
        case .array(let elements): [0x5B] + elements.map(\.compact).joined(separator: [0x2C]) + [0x5D]
        case .object(let members):
            [0x7B]
                + members.map { [0x22] + $0.key + [0x22, 0x3A] + $0.value.compact }.joined(separator: [0x2C])
                + [0x7D]
        }
    }

    /// The UTF-16 code units that a string token says, lone surrogates included.
    package static func decoded(_ contents: [UInt8]) -> [UInt16] {
        var units: [UInt16] = []
        var rest = Substring(String(decoding: contents, as: UTF8.self)).unicodeScalars
        while let scalar = rest.popFirst() {
            guard scalar == "\\", let sign = rest.popFirst() else {
                units += Array(String(scalar).utf16)
                continue
            }
            let short: [Unicode.Scalar: UInt16] = ["b": 8, "f": 12, "n": 10, "r": 13, "t": 9]
            if sign == "u" {
                units.append(UInt16(String(rest.prefix(4)), radix: 16) ?? 0)
                rest = rest.dropFirst(4)
            } else {
                units.append(short[sign] ?? UInt16(sign.value))
            }
        }
        return units
    }
}

private struct ReferenceParser {
    package var rest: ArraySlice<UInt8>

    package mutating func value() -> ReferenceJSON {
        skipWhitespace()
        switch rest.first {
        case 0x22: return .string(string())
        case 0x5B:
            var elements: [ReferenceJSON] = []
            while advance(), rest.first != 0x5D {
                elements.append(value())
                skipWhitespace()
                if rest.first == 0x5D { break }
            }
            rest = rest.dropFirst()
            return .array(elements)
        case 0x7B:
            var members: [ReferenceJSON.Member] = []
            while advance(), rest.first != 0x7D {
                let key = string()
                skipWhitespace()
                rest = rest.dropFirst()
                members.append(.init(key: key, value: value()))
                skipWhitespace()
                if rest.first == 0x7D { break }
            }
            rest = rest.dropFirst()
            return .object(members)
        default:
            let token = rest.prefix { !" \t\r\n,]}".utf8.contains($0) }
            rest = rest[token.endIndex...]
            return .scalar(Array(token))
        }
    }

    /// Past an opening bracket or a comma and the white space after it; false at the end, which valid text never has.
    private mutating func advance() -> Bool {
        rest = rest.dropFirst()
        skipWhitespace()
        return !rest.isEmpty
    }

    private mutating func skipWhitespace() {
        rest = rest.drop { " \t\r\n".utf8.contains($0) }
    }

    private mutating func string() -> [UInt8] {
        rest = rest.dropFirst()
        var contents: [UInt8] = []
        while let byte = rest.popFirst(), byte != 0x22 {
            contents.append(byte)
            if byte == 0x5C, let escaped = rest.popFirst() { contents.append(escaped) }
        }
        return contents
    }
}
