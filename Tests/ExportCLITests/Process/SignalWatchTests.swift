@testable import ExportCLI
import Testing

@Suite("Signals")
struct SignalWatchTests {
    /// What a watch does, in order.
    private enum Event: Equatable {
        case stop(StopReason)
        case end(StopReason)
    }

    @Test(
        "ask for a stop first, and end the process the second time",
        arguments: [StopReason.terminate, .interrupt])
    func second(reason: StopReason) async {
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        let (signals, sender) = AsyncStream.makeStream(of: StopReason.self)
        let control = StopControl()
        let watch = SignalWatch(patience: .seconds(3600)) { continuation.yield(.end($0)) }
            .run(control, on: signals) { continuation.yield(.stop($0)) }
        defer { watch.cancel() }
        var iterator = events.makeAsyncIterator()
        sender.yield(reason)
        #expect(await iterator.next() == .stop(reason))
        #expect(control.reason == reason)
        sender.yield(reason)
        #expect(await iterator.next() == .end(reason))
    }

    @Test("end the process when an orderly stop takes too long")
    func tooLong() async {
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        let (signals, sender) = AsyncStream.makeStream(of: StopReason.self)
        let watch = SignalWatch(patience: .milliseconds(1)) { continuation.yield(.end($0)) }
            .run(StopControl(), on: signals) { continuation.yield(.stop($0)) }
        defer { watch.cancel() }
        var iterator = events.makeAsyncIterator()
        sender.yield(.terminate)
        #expect(await iterator.next() == .stop(.terminate))
        #expect(await iterator.next() == .end(.terminate))
    }

    @Test("leave a stop that has another reason its time")
    func otherReason() async {
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        let (signals, sender) = AsyncStream.makeStream(of: StopReason.self)
        let control = StopControl()
        control.stop(.maximumDuration(.seconds(1)))
        let watch = SignalWatch(patience: .seconds(3600)) { continuation.yield(.end($0)) }
            .run(control, on: signals) { continuation.yield(.stop($0)) }
        defer { watch.cancel() }
        var iterator = events.makeAsyncIterator()
        sender.yield(.interrupt)
        sender.yield(.terminate)
        let last = await iterator.next()
        #expect(last == .end(.terminate) || last == .end(.interrupt))
        #expect(control.reason == .maximumDuration(.seconds(1)))
    }
}
