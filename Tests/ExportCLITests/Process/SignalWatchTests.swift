@testable import ExportCLI
import Synchronization
import Testing

@Suite("Signals")
final class SignalWatchTests: Sendable {
    /// What a watch does, in order.
    private enum Event: Equatable {
        case stop(StopReason)
        case end(StopReason)
    }

    private let control = StopControl()
    private let time = Mutex(Duration.seconds(100))
    private let events = AsyncStream.makeStream(of: Event.self)

    private func advance(_ duration: Duration) { time.withLock { $0 += duration } }

    private func watch(gracePeriod: Duration = .seconds(3600)) -> SignalWatch {
        SignalWatch(control, gracePeriod: gracePeriod, uptime: { self.time.withLock { $0 } }) { [events] in
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
        advance(.milliseconds(1_001))
        watch.receive(reason)
        #expect(await iterator.next() == .end(reason))
    }

    @Test(
        "count once where they are repeated within a second, as GNU timeout does",
        arguments: [StopReason.terminate, .interrupt, .hangUp])
    func repeated(reason: StopReason) async {
        let watch = watch()
        for step in [0, 1, 400, 598] {
            advance(.milliseconds(step))
            watch.receive(reason)
        }
        events.continuation.finish()
        var seen: [Event] = []
        for await event in events.stream { seen.append(event) }
        #expect(seen == [.stop(reason)])
        #expect(control.reason == reason)
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
