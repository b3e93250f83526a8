/// The hosts that are reached without the proxy: `NO_PROXY`, as curl reads it.
package struct NoProxyRules: Sendable, Hashable {
    private struct Rule: Sendable, Hashable {
        var host: String
        var port: Int?
    }

    private var rules: [Rule] = []
    private var matchesAll = false

    /// The rules that `environment` names: `no_proxy`, else `NO_PROXY`.
    package static func from(environment: [String: String]) -> NoProxyRules {
        NoProxyRules(environment["no_proxy"] ?? environment["NO_PROXY"] ?? "")
    }

    /// Reads a list with commas or white space between its entries: `*` (all), `host` or `.host` (that host and
    /// those below it), either with `:port`. Entries that are none of these are skipped.
    package init(_ text: String) {
        for entry in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            if entry == "*" {
                matchesAll = true
            } else if let rule = Self.rule(entry) {
                rules.append(rule)
            }
        }
    }

    private static func rule(_ entry: Substring) -> Rule? {
        let isAddress = entry.first != "[" && entry.filter { $0 == ":" }.count > 1
        let text = isAddress ? "[\(entry)]" : String(entry.drop { $0 == "." })
        guard let place = HostAndPort(text, defaultPort: 0) else { return nil }
        return Rule(host: place.host, port: place.port == 0 ? nil : place.port)
    }

    /// Whether `host` (IPv6 without brackets) is reached without the proxy. Loopback always is.
    package func bypass(host: String, port: Int) -> Bool {
        let host = host.lowercased()
        if matchesAll || Loopback.contains(host) { return true }
        // The end of an address is no domain.
        let isName = host.contains { $0.isLetter } && !host.contains(":")
        return rules.contains { rule in
            let isBelow = isName && host.hasSuffix("." + rule.host)
            return (rule.port == nil || rule.port == port) && (host == rule.host || isBelow)
        }
    }
}
