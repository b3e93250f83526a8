/// An HTTP proxy that opens tunnels (CONNECT). Prints without its password.
package struct ProxySettings: Sendable, Hashable {
    /// Basic authentication.
    package struct Credentials: Sendable, Hashable {
        /// User name, decoded.
        package var user: String
        /// Password, decoded.
        var password: String
    }

    /// Name or address; IPv6 without brackets.
    package var host: String
    /// 1 to 65535.
    package var port: Int
    /// Sent to the proxy only; nil for a proxy that asks for none.
    var credentials: Credentials?

    /// A proxy of these parts.
    package init(host: String, port: Int, credentials: Credentials? = nil) {
        self.host = host
        self.port = port
        self.credentials = credentials
    }

    /// The proxy that `environment` names: `https_proxy`, else `HTTPS_PROXY` (as curl reads them); nil for none or
    /// an empty value.
    ///
    /// - Throws: `ProxyError` when the value cannot be used.
    package static func from(environment: [String: String]) throws(ProxyError) -> ProxySettings? {
        for name in ["https_proxy", "HTTPS_PROXY"] {
            if let value = environment[name], !value.isEmpty { return try ProxySettings(value) }
        }
        return nil
    }

    /// Reads `http://user:password@host:port`. Scheme, credentials and port (80) may be left out; user name and
    /// password may be percent-encoded.
    ///
    /// - Throws: `ProxyError`, whose text holds no password.
    package init(_ text: String) throws(ProxyError) {
        var rest = Substring(text)
        if let separator = rest.firstRange(of: "://") {
            let scheme = rest[..<separator.lowerBound].lowercased()
            guard scheme == "http" else { throw .scheme(scheme) }
            rest = rest[separator.upperBound...]
        }
        if rest.hasSuffix("/") { rest.removeLast() }
        if let at = rest.lastIndex(of: "@") {
            credentials = try Self.credentials(rest[..<at])
            rest = rest[at...].dropFirst()
        }
        guard let place = HostAndPort(rest, defaultPort: 80) else { throw .address }
        host = place.host
        port = place.port
    }

    private static func credentials(_ text: Substring) throws(ProxyError) -> Credentials {
        let colon = text.firstIndex(of: ":") ?? text.endIndex
        guard let user = percentDecoded(text[..<colon]), let password = percentDecoded(text[colon...].dropFirst())
        else { throw .credentials }
        return Credentials(user: user, password: password)
    }

    private static func percentDecoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
                let value = UInt8(Substring(digits), radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension ProxySettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Host and port.
    package var description: String { "\(host):\(port)" }

    /// Host and port.
    package var debugDescription: String { description }

    /// Host and port alone.
    package var customMirror: Mirror { Mirror(self, children: ["host": host, "port": port]) }
}

/// Why a proxy setting cannot be used. Holds no password.
package enum ProxyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Another scheme than `http`.
    case scheme(String)
    /// Broken percent-encoding in the user name or password.
    case credentials
    /// Host or port missing or impossible.
    case address

    /// What is wrong and what to do.
    package var description: String {
        switch self {
        case .scheme(let scheme): "the proxy's URL starts with \(scheme)://; only http:// proxies are supported"
        case .credentials: "the proxy's user name or password has a % that is not followed by two hex digits"
        case .address: "the proxy's host or port is missing or impossible; write http://host:port"
        }
    }
}

/// The hosts that are reached without the proxy: `NO_PROXY`, as curl reads it.
package struct NoProxyRules: Sendable, Hashable {
    private struct Rule: Sendable, Hashable {
        var host: String
        var port: Int?
        /// Whether the host itself is none of those.
        var isOnlyBelow = false

        func matches(_ wanted: String, isName: Bool) -> Bool {
            !isOnlyBelow && wanted == host || isName && wanted.hasSuffix("." + host)
        }
    }

    private var rules: [Rule] = []
    private var networks: [IPNetwork] = []
    private var matchesAll = false

    /// The rules that `environment` names: `no_proxy`, else `NO_PROXY`.
    package static func from(environment: [String: String]) -> NoProxyRules {
        NoProxyRules(environment["no_proxy"] ?? environment["NO_PROXY"] ?? "")
    }

    /// Reads a list with commas or white space between its entries: `*` (all), `host` or `.host` (that host and
    /// those below it), `*.host` (those below it), each of them with or without `:port`, and blocks of addresses such as
    /// `10.0.0.0/8`. Entries that are none of these are skipped.
    package init(_ text: String) {
        for entry in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            if entry == "*" {
                matchesAll = true
            } else if let network = IPNetwork(entry) {
                networks.append(network)
            } else if let rule = Self.rule(entry) {
                rules.append(rule)
            }
        }
    }

    private static func rule(_ entry: Substring) -> Rule? {
        let isAddress = entry.first != "[" && entry.filter { $0 == ":" }.count > 1
        let isOnlyBelow = entry.hasPrefix("*.")
        let name = isOnlyBelow ? entry.dropFirst() : entry
        let text = isAddress ? "[\(entry)]" : String(name.drop { $0 == "." })
        guard let place = HostAndPort(text, defaultPort: 0) else { return nil }
        return Rule(host: place.host, port: place.port == 0 ? nil : place.port, isOnlyBelow: isOnlyBelow)
    }

    /// Whether `host` (IPv6 without brackets) is reached without the proxy. Loopback always is.
    package func bypass(host: String, port: Int) -> Bool {
        let host = host.lowercased()
        if matchesAll || Loopback.contains(host) { return true }
        // The end of an address is no domain.
        let isName = host.contains { $0.isLetter } && !host.contains(":")
        if rules.contains(where: { ($0.port ?? port) == port && $0.matches(host, isName: isName) }) { return true }
        guard !networks.isEmpty, let address = IPAddress(host) else { return false }
        return networks.contains { $0.contains(address) }
    }
}
