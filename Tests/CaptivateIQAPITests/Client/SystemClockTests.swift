@testable import CaptivateIQAPI
import CivilTime
import Foundation
import Testing

@Suite struct SystemClockTests {
    @Test func theWallClockIsTheSystems() {
        let before = Date().timeIntervalSince1970
        let now = Double(SystemClock().now().microseconds) / 1e6
        let after = Date().timeIntervalSince1970
        // A microsecond for the rounding of either.
        #expect(now >= before - 1e-5 && now <= after + 1e-5)
    }

    @Test func uptimeStartsAtZeroAndGoesOn() async throws {
        let clock = SystemClock()
        let first = clock.uptime()
        try await clock.sleep(for: .milliseconds(2))
        #expect(first >= .zero && clock.uptime() - first >= .milliseconds(2))
    }

    @Test func cancellingEndsASleepAtOnce() async {
        let task = Task { try await SystemClock().sleep(for: .seconds(3600)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
