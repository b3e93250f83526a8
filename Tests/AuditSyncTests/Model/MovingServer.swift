import CaptivateIQAPI
import CaptivateIQSimulator
import SyncTestSupport
import Synchronization
import TestSupport

/// A transport to a server that changes between any two requests, and that stops a sync at a chosen one.
final class MovingServer: HTTPTransport {
    /// How a sync is stopped.
    enum Stop: Sendable {
        /// No request succeeds any more.
        case failure
        /// The task that runs the sync is cancelled.
        case cancellation
    }

    private struct State {
        var random: SeededRandom
        var requests = 0
        var isCancelled = false
        var cancel: (@Sendable () -> Void)?
    }

    /// Changes in one sync: a server that outgrows its pages for ever cannot be read by anybody.
    private static let mostMoves = 40

    private let core: SimulatorCore
    private let clock: ManualClock
    private let model: ModelCase
    private let stop: (at: Int, how: Stop)?
    private let simulator: SimulatorTransport
    private let state: Mutex<State>

    init(_ core: SimulatorCore, _ clock: ManualClock, _ model: ModelCase, _ seed: UInt64, stop: (Int, Stop)?) {
        self.core = core
        self.clock = clock
        self.model = model
        self.stop = stop
        simulator = SimulatorTransport(core, clock: clock)
        state = Mutex(State(random: SeededRandom(seed: seed)))
    }

    /// Says how the sync is cancelled, also if the moment has passed by then.
    func onCancellation(_ cancel: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            state.cancel = cancel
            return state.isCancelled
        }
        if isLate { cancel() }
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let (number, slip) = state.withLock { state in
            state.requests += 1
            return (state.requests, drawSlip(&state.random))
        }
        if let stop, number >= stop.at {
            switch stop.how {
            case .failure: throw .connection("stopped by the test")
            case .cancellation: cancel()
            }
        }
        if number > 1 && number <= Self.mostMoves { move() }
        return try await simulator.send(slip == 0 ? request : Self.shifted(request, by: slip))
    }

    private func cancel() {
        let cancel = state.withLock { state in
            state.isCancelled = true
            return state.cancel
        }
        cancel?()
    }

    /// Changes what the server has.
    private func move() {
        let (kind, count, ties) = state.withLock { state in
            (
                Int.random(in: 0..<8, using: &state.random), Int.random(in: 1...3, using: &state.random),
                Int.random(in: 1...3, using: &state.random)
            )
        }
        switch kind {
        case 0, 1: core.arrive(count: count, ties: ties, at: SimulatorInstant(clock))
        case 2 where model.late: core.arrive(count: count, lateHours: 20, ties: ties, at: SimulatorInstant(clock))
        case 3 where model.purges: core.purge(count: count)
        default: break
        }
    }

    private func drawSlip(_ random: inout SeededRandom) -> Int {
        guard model.slips, Int.random(in: 0..<6, using: &random) == 0 else { return 0 }
        return [-2, -1, 1, 2].randomElement(using: &random) ?? 0
    }

    /// The request with another offset: rows at the page's edges are repeated or left out.
    private static func shifted(_ request: HTTPRequest, by slip: Int) -> HTTPRequest {
        guard let name = request.url.firstRange(of: "offset=") else { return request }
        let digits = request.url[name.upperBound...].prefix { $0.isNumber }
        guard let offset = Int(digits), offset > 0 else { return request }
        let url = request.url.replacingCharacters(digits.startIndex..<digits.endIndex, "\(max(0, offset + slip))")
        return HTTPRequest(url: url, headers: request.headers)
    }
}

extension String {
    fileprivate func replacingCharacters(_ range: Range<Index>, _ text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
