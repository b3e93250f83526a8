/// Why there is no whole answer. Never holds any of the token.
package enum TransportError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Connected, but the answer did not come in time.
    case timedOut(String)
    /// No connection, or one that broke before the answer began: refused, reset, name not found, no route.
    case connection(String)
    /// The server's certificate is not trusted, or no common TLS version.
    case certificate(String)
    /// The proxy could not connect, or does not speak as a proxy.
    case proxy(String)
    /// The proxy wants a user name and password, or others than it was given.
    case proxyAuthentication
    /// The answer ended too early or its compression is broken.
    case truncated(String)
    /// The body is compressed in ways that were not asked for: their names.
    case encoded(String)
    /// The body is larger than `limit` bytes, after decompression too.
    case tooLarge(limit: Int)
    /// The task was cancelled.
    case cancelled

    /// What happened, in a few words.
    package var description: String {
        switch self {
        case .timedOut(let text), .connection(let text), .certificate(let text), .proxy(let text),
            .truncated(let text):
            text
        case .encoded(let names): "the answer is compressed as \(names), and only gzip was asked for"
        case .proxyAuthentication: "the proxy asks for a user name and password"
        case .tooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .cancelled: "cancelled"
        }
    }
}
