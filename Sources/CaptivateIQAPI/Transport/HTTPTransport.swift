/// Sends one request and collects its answer, whole. No retries, no redirects.
package protocol HTTPTransport: Sendable {
    /// The answer to `request`, whatever its status; the body decompressed.
    ///
    /// - Throws: `TransportError` when there is no whole answer.
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse
}

/// A GET request. Prints without the values of its headers, since one of them is the token.
package struct HTTPRequest: Sendable {
    /// The absolute URL.
    package let url: String
    /// Names and values in the order they are sent.
    package let headers: [(name: String, value: String)]

    /// A GET of `url`.
    package init(url: String, headers: [(name: String, value: String)]) {
        self.url = url
        self.headers = headers
    }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `GET` and the URL.
    package var description: String { "GET \(url)" }

    /// `GET` and the URL.
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
