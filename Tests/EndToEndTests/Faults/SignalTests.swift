import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite struct SignalTests {
        /// The sixth request is never answered, so the signal finds the program waiting for the network.
        @Test(arguments: [(SIGTERM, 143), (SIGINT, 130), (SIGHUP, 129)] as [(Int32, Int32)])
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

        /// As `nohup` starts it.
        @Test func goesOnAfterAHangUpThatItWasStartedToIgnore() async throws {
            try await Bench.with("--events", "300", "--days", "30", "--latency-ms", "300") { bench in
                let command = bench.syncCommand(["--concurrency", "1", "--page-size", "50", "--log-level", "debug"])
                let program = try bench.runner.start(["sh", "-c", "trap '' HUP; exec \"$@\"", "sh"] + command)
                try #require(await program.waitFor(" request ", times: 2) != nil)
                program.signal(SIGHUP)
                let outcome = await program.outcome()
                #expect(outcome.exitCode == 0, "\(outcome.everything)")
                #expect(try outcome.syncResult().events == 300)
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
