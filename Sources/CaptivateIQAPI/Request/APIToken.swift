/// The secret that opens the API. It can be sent and nothing else: it prints, dumps and reflects as `<token>`.
package struct APIToken: Sendable {
    private let secret: String

    /// Takes a token as a person pasted it: white space around it (and a byte order mark) is dropped.
    ///
    /// - Throws: `APITokenError`, whose text never holds any of the token.
    package init(checking text: String) throws(APITokenError) {
        let scalars = Array(text.unicodeScalars)
        guard let first = scalars.firstIndex(where: { !Self.isSurrounding($0) }),
            let last = scalars.lastIndex(where: { !Self.isSurrounding($0) })
        else { throw .empty }
        let inner = scalars[first...last]
        if Self.isQuoted(inner) { throw .quoted }
        if inner.contains(where: { $0.properties.isWhitespace }) { throw .innerWhiteSpace }
        if !inner.allSatisfy({ (0x21...0x7E).contains($0.value) }) { throw .unusableCharacter }
        secret = String(String.UnicodeScalarView(inner))
    }

    /// As `init(checking:)`, with nil for a text that cannot be a token.
    package init?(trimming text: String) {
        guard let token = try? APIToken(checking: text) else { return nil }
        self = token
    }

    /// The value of the `Authorization` header. The API's scheme is the word `Token`, not `Bearer`
    /// (vendor's reference, "Getting started").
    package func authorizationHeaderValue() -> String {
        "Token " + secret
    }

    /// `bytes` with every occurrence of the token replaced by `<token>`, for answers that echo the request.
    func redacted(_ bytes: [UInt8]) -> [UInt8] {
        let needle = Array(secret.utf8)
        var output: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == needle[0], bytes[index...].starts(with: needle) {
                output += Array("<token>".utf8)
                index += needle.count
            } else {
                output.append(bytes[index])
                index += 1
            }
        }
        return output
    }

    /// Whether `text` holds the token, in capitals or not: names of hosts have no case.
    func isEchoed(in text: String) -> Bool {
        text.lowercased().contains(secret.lowercased())
    }

    /// The number of bytes in the token.
    var length: Int { secret.utf8.count }

    /// Whether it begins and ends as a quoted text does; no token does.
    private static func isQuoted(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        let marks: Set<Unicode.Scalar> = ["\"", "'", "`", "\u{201C}", "\u{201D}", "\u{201E}", "\u{2018}", "\u{2019}"]
        guard let first = scalars.first, let last = scalars.last else { return false }
        return marks.contains(first) || marks.contains(last)
    }

    private static func isSurrounding(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar == "\u{FEFF}"
    }
}

extension APIToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `<token>`.
    package var description: String { "<token>" }

    /// Always `<token>`.
    package var debugDescription: String { "<token>" }

    /// A mirror without children, so that `dump` and loggers find nothing.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Why a text cannot be an API token. The text says what to mend and never holds any of the token.
package enum APITokenError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Nothing but white space.
    case empty
    /// Quotation marks around it.
    case quoted
    /// White space between two characters.
    case innerWhiteSpace
    /// A control character or one outside ASCII.
    case unusableCharacter

    /// What is wrong and what to do.
    package var description: String {
        switch self {
        case .empty:
            "the API token is empty; create one in CaptivateIQ (profile settings, API Tokens) and give it here"
        case .quoted:
            "the API token stands in quotation marks; give it without them (in a file and in a systemd unit they are part "
                + "of the value)"
        case .innerWhiteSpace:
            "the API token has white space inside it; give the token alone, on one line, without the word Token"
        case .unusableCharacter:
            "the API token has a control or non-ASCII character in it; copy it again from where it was stored"
        }
    }
}
