package import CaptivateIQAPI
package import CaptivateIQSimulator
package import CivilTime

/// A transport that asks the simulator without a socket. What would happen on the wire becomes the error that the real
/// transport reports for it, at once.
package struct SimulatorTransport: HTTPTransport {
    private let core: SimulatorCore
    private let clock: any TimeSource

    /// A transport to `core`, which sees the time of `clock`.
    package init(_ core: SimulatorCore, clock: any TimeSource) {
        self.core = core
        self.clock = clock
    }

    package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        // Others get their turn, as they do while a real request is under way.
        await Task.yield()
        if Task.isCancelled { throw .cancelled }
        let target = String(request.url.drop { $0 != "?" && $0 != ":" }.dropFirst(3).drop { $0 != "/" })
        let headers = request.headers.map { SimulatedHeader($0.name, $0.value) }
        let response = core.respond(
            to: SimulatedRequest(target: target, headers: headers), at: SimulatorInstant(clock))
        switch response.effect {
        case .normal: break
        case .reset: throw .connection("the connection was reset")
        case .truncate: throw .truncated("the answer broke off")
        case .stall: throw .timedOut("no answer")
        }
        return HTTPResponse(
            status: response.status, headers: response.headers.map { ($0.name, $0.value) }, body: response.body)
    }
}

extension SimulatorInstant {
    /// The simulator's time by a test's clock.
    package init(_ clock: any TimeSource) {
        self.init(wall: clock.now().microseconds, monotonic: clock.uptime())
    }
}
