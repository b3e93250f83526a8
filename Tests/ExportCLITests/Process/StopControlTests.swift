@testable import ExportCLI
import Synchronization
import Testing

@Suite("Stopping")
struct StopControlTests {
    @Test("counts the first reason and acts once")
    func first() {
        let calls = Mutex(0)
        let control = StopControl()
        control.onStop { calls.withLock { $0 += 1 } }
        #expect(control.reason == nil)
        #expect(control.stop(.terminate))
        #expect(!control.stop(.interrupt))
        #expect(control.reason == .terminate)
        #expect(calls.withLock { $0 } == 1)
    }

    @Test("acts at once when the reason came before there was anything to stop")
    func early() {
        let calls = Mutex(0)
        let control = StopControl()
        control.stop(.maximumDuration(.seconds(1)))
        control.onStop { calls.withLock { $0 += 1 } }
        #expect(calls.withLock { $0 } == 1)
    }
}
