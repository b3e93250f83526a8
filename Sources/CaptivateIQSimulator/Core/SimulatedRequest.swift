/// A moment by both clocks.
package struct SimulatorInstant: Equatable, Sendable {
    /// Wall clock: microseconds since 1970-01-01T00:00:00Z.
    package let wall: Int64
    /// A clock that never jumps, from any fixed origin: what the limits are measured by.
    package let monotonic: Duration

    /// The moment at which the clocks show these values.
    package init(wall: Int64, monotonic: Duration) {
        self.wall = wall
        self.monotonic = monotonic
    }
}

/// One header field of a request or an answer.
package struct SimulatedHeader: Equatable, Sendable {
    /// Its name; case does not matter.
    package let name: String
    /// Its value, unfolded.
    package let value: String

    /// A field of that name and value.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A request as the core sees it.
package struct SimulatedRequest: Equatable, Sendable {
    /// Such as `GET`, in capitals.
    package var method: String
    /// Path and query as sent, such as `/ciq/v1/audit-logs/?limit=2`.
    package var target: String
    /// The header fields as sent, `Host` among them.
    package var headers: [SimulatedHeader]
    /// The whole body; empty for GET.
    package var body: [UInt8]

    /// A request; by default a GET without headers.
    package init(method: String = "GET", target: String, headers: [SimulatedHeader] = [], body: [UInt8] = []) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    /// The value of the first header of that name, whatever its case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// An answer, and what becomes of it on its way.
package struct SimulatedResponse: Equatable, Sendable {
    /// How the answer leaves the server.
    package enum Effect: Equatable, Sendable {
        /// As it is.
        case normal
        /// The connection is closed before a byte of it is sent.
        case reset
        /// The connection is closed after that many bytes of the body; Content-Length names the whole.
        case truncate(after: Int)
        /// Nothing is sent, and the connection stays open until the client leaves.
        case stall
    }

    /// The HTTP status code.
    package var status: Int
    /// The header fields, without `Content-Length`.
    package var headers: [SimulatedHeader]
    /// The whole body, also where only part of it is sent.
    package var body: [UInt8]
    /// What goes wrong with it between server and client.
    package var effect = Effect.normal
    /// How long the server waits before it does anything.
    package var delay = Duration.zero

    /// An answer that arrives whole and at once.
    package init(status: Int, headers: [SimulatedHeader] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The value of the first header of that name, whatever its case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    static func json(_ status: Int, _ text: String) -> SimulatedResponse {
        SimulatedResponse(
            status: status, headers: [SimulatedHeader("Content-Type", "application/json")], body: Array(text.utf8))
    }

    /// An error in the way of the API: `{"detail":…}`.
    static func detail(_ status: Int, _ message: String) -> SimulatedResponse {
        json(status, #"{"detail":\#(String(decoding: JSONFragment.string(message), as: UTF8.self))}"#)
    }

    static func html(_ status: Int, _ text: String) -> SimulatedResponse {
        let type = SimulatedHeader("Content-Type", "text/html; charset=utf-8")
        return SimulatedResponse(status: status, headers: [type], body: Array(text.utf8))
    }
}
