@testable import CaptivateIQAPI
import Synchronization

/// A transport that answers as the test says, and keeps what was sent.
final class ScriptedTransport: HTTPTransport {
    typealias Script = @Sendable (_ index: Int, _ url: String) async throws(TransportError) -> HTTPResponse

    private let sent = Mutex<[HTTPRequest]>([])
    private let script: Script

    init(_ script: @escaping Script) {
        self.script = script
    }

    var requests: [HTTPRequest] { sent.withLock { $0 } }
    var urls: [String] { requests.map(\.url) }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let index = sent.withLock { sent in
            sent.append(request)
            return sent.count - 1
        }
        return try await script(index, request.url)
    }
}

extension HTTPResponse {
    static let emptyList = list("[]")

    static func list(_ data: String, total: Int = 0, next: String = "null") -> HTTPResponse {
        text(200, "{\"object\":\"list\",\"total_count\":\(total),\"next\":\(next),\"previous\":null,\"data\":\(data)}")
    }

    static func text(_ status: Int, _ body: String, _ headers: [(String, String)] = []) -> HTTPResponse {
        HTTPResponse(status: status, headers: headers.map { (name: $0.0, value: $0.1) }, body: Array(body.utf8))
    }
}
