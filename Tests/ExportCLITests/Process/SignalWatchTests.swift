@testable import ExportCLI
import Testing

@Suite("Signals")
struct SignalWatchTests {
    /// What a watch does, in order.
    private enum Event: Equatable {
        case stop(StopReason)
        case end(StopReason)
    }

    private let control = StopControl()
    private let events = AsyncStream.makeStream(of: Event.self)

    private func watch(gracePeriod: Duration = .seconds(3600)) -> SignalWatch {
        SignalWatch(control, gracePeriod: gracePeriod) { [events] in
            events.continuation.yield(.stop($0))
        } end: { [events] in
            events.continuation.yield(.end($0))
        }
    }

    @Test(
        "ask for a stop first, and end the process the second time",
        arguments: [StopReason.terminate, .interrupt, .hangUp])
    func second(reason: StopReason) async {
        let watch = watch()
        var iterator = events.stream.makeAsyncIterator()
        watch.receive(reason)
        #expect(await iterator.next() == .stop(reason))
        #expect(control.reason == reason)
        watch.receive(reason)
        #expect(await iterator.next() == .end(reason))
    }

    @Test("end the process when an orderly stop takes too long")
    func tooLong() async {
        var iterator = events.stream.makeAsyncIterator()
        watch(gracePeriod: .milliseconds(1)).receive(.terminate)
        #expect(await iterator.next() == .stop(.terminate))
        #expect(await iterator.next() == .end(.terminate))
    }

    @Test("leave a stop that has another reason its time")
    func otherReason() async {
        control.stop(.maximumDuration(.seconds(1)))
        let watch = watch()
        var iterator = events.stream.makeAsyncIterator()
        watch.receive(.interrupt)
        watch.receive(.terminate)
        #expect(await iterator.next() == .end(.terminate))
        #expect(control.reason == .maximumDuration(.seconds(1)))
    }

    @Test("do nothing when the work is over")
    func over() async {
        let watch = watch()
        watch.finish()
        watch.receive(.terminate)
        watch.receive(.terminate)
        events.continuation.finish()
        #expect(await events.stream.first { _ in true } == nil)
        #expect(control.reason == nil)
    }
}
