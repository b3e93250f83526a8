/// Where the API is: an `https` URL, possibly with a path, that every request starts with.
///
/// `http` is taken for loopback only, since the token travels in a header.
package struct BaseURL: Hashable, Sendable, CustomStringConvertible {
    /// The vendor's address.
    package static let captivateIQ = "https://api.captivateiq.com"

    /// The URL without a slash at its end.
    package let text: String
    /// The host alone, IPv6 without brackets, lower case.
    package let host: String
    /// The port, also when the URL leaves it out.
    package let port: Int
    /// Whether the host is this machine: 127.0.0.0/8, `localhost` or `::1`.
    var isLoopback: Bool { Loopback.contains(host) }

    /// Checks `text` and takes it apart. `allowsPlainHTTP`: for other machines too, where no token travels.
    ///
    /// - Throws: `BaseURLError`, which names the rule that is broken.
    package init(_ text: String, allowsPlainHTTP: Bool = false) throws(BaseURLError) {
        let (scheme, rest) = try Self.split(text)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        if authority.contains("@") { throw .userInformation }
        guard let location = HostAndPort(authority, defaultPort: scheme == "https" ? 443 : 80) else { throw .host }
        if scheme == "http", !allowsPlainHTTP, !Loopback.contains(location.host) {
            throw .plainHTTP(host: location.host)
        }
        var path = rest[slash...]
        while path.hasSuffix("/") { path.removeLast() }
        self.text = "\(scheme)://\(authority.lowercased())\(path)"
        host = location.host
        port = location.port
    }

    private static func split(_ text: String) throws(BaseURLError) -> (scheme: String, rest: Substring) {
        let isPlain = text.unicodeScalars.allSatisfy { (0x21...0x7E).contains($0.value) && $0 != "\\" }
        guard isPlain else { throw .unusableCharacter }
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { throw .scheme }
        let scheme = text[..<colon].lowercased()
        guard scheme == "https" || scheme == "http" else { throw .scheme }
        let rest = text[text.index(colon, offsetBy: 3)...]
        if rest.contains("#") { throw .fragment }
        if rest.contains("?") { throw .query }
        return (scheme, rest)
    }

    /// The URL.
    package var description: String { text }
}

/// The rule that a base URL breaks.
package enum BaseURLError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No `https://` (or `http://`) at the start.
    case scheme
    /// `http` to another machine would show the token to the network.
    case plainHTTP(host: String)
    /// `user:password@`.
    case userInformation
    /// `?…`.
    case query
    /// `#…`.
    case fragment
    /// White space, a control character, a backslash or a character outside ASCII.
    case unusableCharacter
    /// No host, or one that no host can be called, or a port outside 1 to 65535.
    case host

    /// What is wrong and what to do.
    package var description: String {
        switch self {
        case .scheme: "the URL has to start with https://"
        case .plainHTTP(let host):
            "http:// would send the token unencrypted to \(host); use https:// (http:// is for loopback only)"
        case .userInformation: "the URL holds a user name or password (before an @); leave that out"
        case .query: "the URL holds a query (from a ? on); leave that out"
        case .fragment: "the URL holds a fragment (from a # on); leave that out"
        case .unusableCharacter: "the URL holds white space or a character that no URL has"
        case .host: "the URL's host or port is missing or impossible"
        }
    }
}

/// `host`, `host:port`, `[::1]` or `[::1]:port`, taken apart.
struct HostAndPort: Hashable, Sendable {
    /// Lower case; IPv6 without brackets.
    var host: String
    /// 1 to 65535.
    var port: Int

    /// Nil when the host is missing or has impossible characters, or the port is not a number from 1 to 65535.
    init?(_ text: some StringProtocol, defaultPort: Int) {
        guard let (host, rest) = Self.splitHost(Substring(text)) else { return nil }
        self.host = host.lowercased()
        if rest.isEmpty {
            port = defaultPort
        } else {
            let digits = rest.dropFirst()
            guard rest.first == ":", digits.allSatisfy({ $0.isASCII && $0.isNumber }),
                let number = Int(digits), (1...65535).contains(number)
            else { return nil }
            port = number
        }
    }

    private static func splitHost(_ text: Substring) -> (host: Substring, rest: Substring)? {
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]") else { return nil }
            let host = text[..<close].dropFirst()
            let isAddress = host.contains(":") && host.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
            return isAddress ? (host, text[close...].dropFirst()) : nil
        }
        let end = text.firstIndex(of: ":") ?? text.endIndex
        let host = text[..<end]
        let isName = host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
        return isName && host.contains { $0 != "." } ? (host, text[end...]) : nil
    }
}

/// The hosts that are this machine.
enum Loopback {
    /// Whether `host` (lower case, without brackets) is 127.0.0.0/8, `localhost` or `::1`.
    static func contains(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" || host == "0:0:0:0:0:0:0:1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let isAddress = parts.count == 4 && parts.allSatisfy { isOctet($0) }
        return isAddress && parts[0] == "127"
    }

    // A leading zero is refused: resolvers disagree on whether it means octal.
    private static func isOctet(_ text: Substring) -> Bool {
        guard text.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(text) else { return false }
        return number <= 255 && (text.count == 1 || text.first != "0")
    }
}
