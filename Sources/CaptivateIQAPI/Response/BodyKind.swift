import JSONText

/// What a body that is no list looks like.
enum BodyKind: Sendable, Equatable {
    case empty
    case json
    /// A page for people: a firewall, a proxy, a login, a captive portal.
    case html
    case other

    init(of response: HTTPResponse) {
        let bytes = response.body
        let body = bytes.starts(with: Self.byteOrderMark) ? bytes.dropFirst(Self.byteOrderMark.count) : bytes[...]
        let start = body.firstIndex { !Self.isWhiteSpace($0) }
        if let start, bytes[start] != UInt8(ascii: "<"), Self.isJSON(bytes) {
            self = .json
        } else if response.header("Content-Type")?.lowercased().contains("html") == true {
            self = .html
        } else if let start {
            self = bytes[start] == UInt8(ascii: "<") ? .html : .other
        } else {
            self = .empty
        }
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private static func isJSON(_ bytes: [UInt8]) -> Bool {
        (try? JSONGrammar.check(bytes.span.bytes, passesByteOrderMark: true)) != nil
    }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}

/// The beginning of a body, fit for a message.
enum BodySnippet {
    /// About as much as a person reads of an unexpected answer.
    static let length = 200

    /// Up to 200 printable characters, runs of anything else as one space, the token redacted.
    static func text(of body: [UInt8], token: APIToken) -> String {
        // So much is read that even where redacting makes the text shorter, no cut token gets into the snippet.
        let start = token.redacted(Array(body.prefix(length * (1 + token.length))))
        var text = ""
        for scalar in String(decoding: start, as: UTF8.self).unicodeScalars.prefix(length) {
            if isPrintable(scalar) {
                text.unicodeScalars.append(scalar)
            } else if text.last != " " {
                text.append(" ")
            }
        }
        return text.isEmpty ? "(an empty body)" : text
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: scalar != "\u{FFFD}" && !scalar.properties.isWhitespace && !VisibleText.isHidden(scalar)
        }
    }
}
