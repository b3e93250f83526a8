import CaptivateIQAPI
import CaptivateIQSimulator
import Foundation
import SyncTestSupport
import Synchronization
import TestSupport

/// A transport to a server that changes between any two requests, and that stops a command at a chosen one.
final class MovingServer: HTTPTransport {
    private struct State {
        var random: SeededRandom
        var requests = 0
        var starts: Set<String> = []
        var isCancelled = false
        var cancel: (@Sendable () -> Void)?
    }

    /// Changes in one run: a server that outgrows its pages for ever cannot be read by anybody.
    private static let mostMoves = 40

    /// Requests after which none succeeds: a client that goes on for ever is a client that fails. Of small pages, which
    /// share rows, a new row may take a request.
    static func patience(_ model: ModelCase) -> Int { model.pageSize < 5 ? 6_000 : 2_000 }

    /// Whether requests and answers are printed, for the search for what went wrong with a case.
    static let isTraced = ProcessInfo.processInfo.environment["MODEL_TRACE"] != nil

    /// Bytes of an answer that are printed; all of it with `MODEL_TRACE=all`.
    private static let tracedBytes = ProcessInfo.processInfo.environment["MODEL_TRACE"] == "all" ? Int.max : 300

    private let harness: SyncHarness
    private let model: ModelCase
    private let round: ModelRound
    private let begin: Duration
    private let simulator: SimulatorTransport
    private let state: Mutex<State>

    init(_ harness: SyncHarness, _ model: ModelCase, _ round: ModelRound) {
        self.harness = harness
        self.model = model
        self.round = round
        begin = harness.clock.uptime()
        simulator = SimulatorTransport(harness.core, clock: harness.clock)
        state = Mutex(State(random: SeededRandom(seed: round.seed)))
    }

    /// Requests so far.
    var requests: Int { state.withLock { $0.requests } }

    /// Each `start_date` of a request.
    var starts: Set<String> { state.withLock { $0.starts } }

    /// Says how the command is cancelled, also if the moment has passed by then.
    func onCancellation(_ cancel: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            state.cancel = cancel
            return state.isCancelled
        }
        if isLate { cancel() }
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        harness.clock.advance(by: .seconds(round.latency))
        let (number, slip) = state.withLock { state in
            state.requests += 1
            if let start = request.url.firstRange(of: "start_date=") {
                state.starts.insert(String(request.url[start.upperBound...].prefix(10)))
            }
            return (state.requests, drawSlip(&state.random))
        }
        if number > Self.patience(model) { throw .connection("asked too often") }
        switch round.stop {
        case .failure(let first) where number >= first: throw .connection("stopped by the test")
        case .cancellation(let first) where number >= first: cancel()
        case .duration(let seconds) where harness.clock.uptime() - begin >= .seconds(seconds): cancel()
        default: break
        }
        if number > 1 && number <= Self.mostMoves && round.isMoving { move() }
        let response = try await simulator.send(slip == 0 ? request : Self.shifted(request, by: slip))
        if Self.isTraced {
            let text = String(decoding: response.body.prefix(Self.tracedBytes), as: UTF8.self)
            print("    \(number): \(request.url) -> \(text)")
        }
        guard !round.hasDate else { return response }
        let headers = response.headers.filter { $0.name.lowercased() != "date" }
        return HTTPResponse(status: response.status, headers: headers, body: response.body)
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
                Int.random(in: 0..<10, using: &state.random), Int.random(in: 1...3, using: &state.random),
                Int.random(in: 1...3, using: &state.random)
            )
        }
        let (core, instant) = (harness.core, SimulatorInstant(harness.clock))
        switch kind {
        case 0, 1: core.arrive(count: count, ties: ties, at: instant)
        case 2 where model.late: core.arrive(count: count, lateHours: Double(round.latest), ties: ties, at: instant)
        case 3 where model.removes: core.purge(count: count)
        case 4 where model.removes: core.remove(count: 1)
        // A row that was read goes, and another comes.
        case 5 where model.removes:
            core.remove(count: 1)
            core.arrive(count: 1, lateHours: model.late ? Double(round.latest) : 0, at: instant)
        default: break
        }
    }

    private func drawSlip(_ random: inout SeededRandom) -> Int {
        guard model.slips, round.isMoving, Int.random(in: 0..<6, using: &random) == 0 else { return 0 }
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
