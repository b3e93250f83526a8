import TestSupport
import Testing

/// Faults that last until the eighth try has failed. The pauses between them take half a minute on average and no
/// processor, so these run beside all other tests.
@Suite struct ExhaustionTests {
    @Test(
        arguments: [
            ("503", 69, "503"), ("html200", 76, "HTML"), ("wrongshape", 76, "total_count")
        ] as [(String, Int32, String)])
    func endsAfterTheEighthTry(fault: String, code: Int32, word: String) async throws {
        try await Bench.with("--events", "10", "--days", "2", "--fault", "\(fault):1") { bench in
            let outcome = try await bench.sync("--concurrency", "1")
            #expect(outcome.exitCode == code, "\(outcome.everything)")
            #expect(outcome.errors.contains(word), "\(outcome.errors)")
            #expect(try outcome.syncResult().outcome == "failed")
            #expect(try await bench.simulator.statistics().requests == 8)
            #expect(!outcome.everything.contains(Bench.token))
        }
    }

    @Test func nobodyListens() async throws {
        try await Bench.with("--events", "10", "--days", "2") { bench in
            // Its port was free a moment ago and is nobody's now.
            await bench.simulator.stop()
            let outcome = try await bench.sync()
            #expect(outcome.exitCode == 69, "\(outcome.everything)")
            #expect(outcome.errors.contains(bench.simulator.address), "\(outcome.errors)")
        }
    }
}
