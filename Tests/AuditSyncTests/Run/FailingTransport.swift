import CaptivateIQAPI
import SyncTestSupport
import Synchronization

/// A transport that answers a number of requests, and then fails at every one, in the same way.
final class FailingTransport: HTTPTransport {
    /// What becomes of a request.
    enum Failure: Sendable {
        case answer(status: Int)
        case error(TransportError)
    }

    private let inner: SimulatorTransport
    private let left: Mutex<Int>
    private let failure: Failure

    /// Lets `number` requests through to `inner`.
    init(_ inner: SimulatorTransport, after number: Int, _ failure: Failure) {
        self.inner = inner
        left = Mutex(number)
        self.failure = failure
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let isAnswered = left.withLock { left in
            left -= 1
            return left >= 0
        }
        if isAnswered { return try await inner.send(request) }
        switch failure {
        case .answer(let status): return HTTPResponse(status: status, headers: [], body: [])
        case .error(let error): throw error
        }
    }
}

extension SyncHarness {
    /// A client whose requests fail from the one after `number` on.
    func failingClient(after number: Int, _ failure: FailingTransport.Failure) throws -> APIClient {
        try makeClient(FailingTransport(SimulatorTransport(core, clock: clock), after: number, failure))
    }
}
