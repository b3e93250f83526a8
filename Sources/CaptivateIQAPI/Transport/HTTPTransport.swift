package import SystemPackage

/// Sends one request and collects its answer, whole. No retries, no redirects.
package protocol HTTPTransport: Sendable {
    /// The answer to `request`, whatever its status; the body decompressed.
    ///
    /// - Throws: `TransportError` when there is no whole answer.
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse
}

/// A GET request, or a POST where it has a body. Prints without the values of its headers, since one of them is the token.
package struct HTTPRequest: Sendable {
    /// The absolute URL.
    package let url: String
    /// Names and values in the order they are sent.
    package let headers: [(name: String, value: String)]
    /// What is sent with it; nil for a GET.
    package let body: [UInt8]?

    /// A GET of `url`, or a POST of `body` to it.
    package init(url: String, headers: [(name: String, value: String)], body: [UInt8]? = nil) {
        self.url = url
        self.headers = headers
        self.body = body
    }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The method and the URL.
    package var description: String { "\(body == nil ? "GET" : "POST") \(url)" }

    /// The method and the URL.
    package var debugDescription: String { description }

    /// Shows the URL alone.
    package var customMirror: Mirror { Mirror(self, children: ["url": url]) }
}

/// An answer, whole.
package struct HTTPResponse: Sendable {
    /// 100 to 999.
    package let status: Int
    /// Names as sent, in any letter case, and values.
    package let headers: [(name: String, value: String)]
    /// The body, decompressed.
    package let body: [UInt8]

    /// An answer of the given parts.
    package init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The value of the first header called `name`, letter case aside.
    func header(_ name: String) -> String? { values(of: name).first }

    /// The values of all headers called `name`, letter case aside.
    func values(of name: String) -> [String] {
        let wanted = name.lowercased()
        return headers.filter { $0.name.lowercased() == wanted }.map(\.value)
    }
}

/// How the API is connected to.
package struct TransportSettings: Sendable {
    /// The longest wait for a connection with TLS.
    package var connectTimeout: Duration = .seconds(10)
    /// The longest wait for an answer to begin, and for each further piece of it.
    package var responseTimeout: Duration = .seconds(60)
    /// The longest that a whole answer may take: a large page over a slow line may, a server that drips may not.
    var wholeAnswerTimeout: Duration = .seconds(600)
    /// The largest body in bytes, both as it is sent and decompressed.
    package var maximumBodySize = 1 << 30
    /// A PEM file with certificate authorities that are trusted besides the system's.
    package var caFile: FilePath?
    /// `SSL_CERT_FILE`: a PEM file with the certificate authorities that stand for the system's; nil for those.
    package var certificateFile: FilePath?
    /// `SSL_CERT_DIR`: folders with certificate authorities besides those of the file.
    package var certificateDirectories: [FilePath] = []
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
