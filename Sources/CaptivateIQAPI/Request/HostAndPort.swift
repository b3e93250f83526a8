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
