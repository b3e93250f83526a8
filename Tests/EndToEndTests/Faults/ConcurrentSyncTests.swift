import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite struct ConcurrentSyncTests {
        @Test func secondSyncLeavesTheArchiveToTheFirst() async throws {
            try await Bench.with("--events", "300", "--days", "2", "--fault", "timeout@1") { bench in
                // Never answered, and so in the archive until it is told to go.
                let first = try bench.runner.start(bench.syncCommand(["--log-level", "debug"]))
                var asked = 0
                for _ in 1...1000 where asked == 0 { asked = try await bench.simulator.statistics().requests }
                try #require(asked > 0)
                let second = try await bench.sync()
                #expect(second.exitCode == 75, "\(second.everything)")
                #expect(second.errors.contains("lock"), "\(second.errors)")
                first.signal(SIGTERM)
                #expect(await first.outcome().exitCode == 143)
                try await bench.syncWell()
                try await bench.expectWhole()
            }
        }
    }
}
