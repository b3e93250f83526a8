/// How the API is connected to.
package struct TransportSettings: Sendable {
    /// The longest wait for a connection with TLS.
    package var connectTimeout: Duration = .seconds(10)
    /// The longest wait for an answer to begin, and for each further piece of it.
    package var responseTimeout: Duration = .seconds(60)
    /// The longest that a whole answer may take: a large page over a slow line may, a server that drips may not.
    package var wholeAnswerTimeout: Duration = .seconds(600)
    /// The largest body in bytes, both as it is sent and decompressed.
    package var maximumBodySize = 1 << 30
    /// A PEM file with certificate authorities that are trusted besides the system's.
    package var caFile: String?
    /// The proxy for hosts that `noProxy` does not name; loopback is never proxied.
    package var proxy: ProxySettings?
    /// The hosts that are reached without the proxy.
    package var noProxy = NoProxyRules("")
    /// The most connections at once; at least the most requests in flight, since a request that waits for a
    /// connection for longer than `connectTimeout` fails.
    package var connections = 32

    /// The defaults.
    package init() {}
}
