import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite struct SignalTests {
        /// The sixth request is never answered, so the signal finds the program waiting for the network.
        @Test(arguments: [(SIGTERM, 143), (SIGINT, 130)] as [(Int32, Int32)])
        func leavesInTimeWithProgressKept(signal: Int32, exitCode: Int32) async throws {
            try await Bench.with("--events", "3000", "--days", "30", "--fault", "timeout@6,7,8,9,10,11,12") { bench in
                let program = try bench.runner.start(
                    bench.syncCommand(["--concurrency", "1", "--page-size", "200", "--log-level", "debug"]))
                try #require(await program.waitFor(" request ", times: 5) != nil)
                let start = ContinuousClock.now
                program.signal(signal)
                let outcome = await program.outcome()
                #expect(ContinuousClock.now - start < .seconds(10))
                #expect(outcome.exitCode == exitCode, "\(outcome.everything)")
                #expect(!outcome.isEndedBySignal)
                let kept = try outcome.syncResult()
                #expect(kept.events > 0 && kept.events < 3000, "\(outcome.everything)")
                try await bench.expectSound()

                try await bench.simulator.setFaults()
                let rest = try await bench.syncWell()
                #expect(rest.events == 3000 - kept.events)
                try await bench.expectWhole()
            }
        }

        @Test func maxDurationKeepsProgress() async throws {
            try await Bench.with("--events", "3000", "--days", "30", "--latency-ms", "150") { bench in
                let outcome = try await bench.sync(
                    "--concurrency", "1", "--page-size", "100", "--max-duration", "2s")
                #expect(outcome.exitCode == 75, "\(outcome.everything)")
                let kept = try outcome.syncResult()
                #expect(kept.outcome == "stopped")
                #expect(kept.events > 0 && kept.events < 3000)
                try await bench.expectSound()
                #expect(try await bench.syncWell().events == 3000 - kept.events)
                try await bench.expectWhole()
            }
        }
    }
}
