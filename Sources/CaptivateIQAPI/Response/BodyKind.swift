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

/// The beginning of a body, made safe for a message.
enum BodySnippet {
    /// The most characters of an unexpected answer that a message shows.
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

/// An answer that should be JSON and is not. Holds none of the token, and is part of no message.
package struct MalformedBody: Sendable, Equatable {
    /// The body, the token redacted where it was echoed.
    package let bytes: [UInt8]

    /// Larger ones are not kept.
    private static let mostBytes = 64 << 20

    /// The body of an answer; nil for one too large to be kept.
    init?(_ body: [UInt8], token: APIToken) {
        guard body.count <= Self.mostBytes else { return nil }
        bytes = token.redacted(body)
    }

    /// Whether it begins as a list does.
    var isList: Bool {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        return bytes[start...].first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "{")
    }

    /// The printable characters around a byte.
    func excerpt(around offset: Int, token: APIToken) -> String {
        let start = offset - BodySnippet.length / 2
        guard start > 0, start < bytes.count else { return BodySnippet.text(of: bytes, token: token) }
        return "…" + BodySnippet.text(of: Array(bytes[start...].prefix(4 * BodySnippet.length)), token: token)
    }
}

/// How an answer says its body is compressed. Only gzip is asked for.
enum ContentEncoding {
    /// What the transport takes off a body.
    private static let understood = ["gzip", "deflate"]
    /// Names that a message may repeat; anything else could be whatever the server wants to be shown.
    private static let known: Set = ["gzip", "deflate", "br", "zstd", "compress", "x-gzip", "x-compress"]
    private static let mostShown = 5

    /// The codings among the header's values that leave a body unreadable, as a message shows them; nil if there are
    /// none: no coding, or a single one that is understood.
    ///
    /// Call this only for a body that is not JSON: some servers send unusual names for "no coding".
    static func unsupported(in values: [String]) -> String? {
        let names = values.flatMap { $0.split(separator: ",") }.map { name in
            name.lowercased().filter { $0 != " " && $0 != "\t" }
        }
        let codings = names.filter { !$0.isEmpty && $0 != "identity" }
        if codings.isEmpty || codings.count == 1 && understood.contains(codings[0]) { return nil }
        return codings.prefix(mostShown).map { known.contains($0) ? $0 : "something unknown" }.joined(separator: ", ")
    }
}
