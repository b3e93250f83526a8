import TestSupport
import Testing

extension EndToEnd {
    @Suite struct BackfillTests {
        @Test(arguments: ["ascending", "descending", "unordered", "shuffled-ties"])
        func twentyThousandEventsInAnyOrder(order: String) async throws {
            try await Bench.with("--events", "20000", "--days", "30", "--order", order) { bench in
                let first = try await bench.syncWell()
                #expect(first.events == 20_000)
                try await bench.expectWhole()
                let before = try await bench.snapshot()
                let second = try await bench.syncWell()
                #expect(second.events == 0)
                #expect(try await bench.snapshot() == before, "a sync that found nothing changed a file")
            }
        }

        @Test func limitCutTo137() async throws {
            try await Bench.with(
                "--events", "20000", "--days", "30", "--limit-cap", "137", "--order", "descending", "--gzip",
                "--whitespace", "ragged", "--next-style", "missing"
            ) { bench in
                let result = try await bench.syncWell()
                #expect(result.events == 20_000)
                #expect(result.requests >= 146)
                try await bench.expectWhole()
            }
        }

        /// Each kind that a client gets over, a fifth of all requests together.
        @Test func everyKindOfErrorAtOnce() async throws {
            let kinds = [
                "500", "502", "503", "504", "429", "reset", "truncate", "timeout", "html200", "html503", "notjson",
                "wrongshape", "emptypage"
            ]
            let faults = kinds.map { "\($0):\(0.2 / Double(kinds.count))" }.joined(separator: " ")
            try await Bench.with("--events", "20000", "--days", "30", "--limit-cap", "137") { bench in
                try await bench.simulator.setFaults(faults)
                let result = try await bench.syncWell("--response-timeout", "500ms")
                let statistics = try await bench.simulator.statistics()
                #expect(result.events == 20_000)
                #expect(result.retries > 10)
                #expect(statistics.byFault.values.reduce(0, +) > 15, "\(statistics)")
                try await bench.expectWhole()
            }
        }

        /// With the limits of the standard tier, which are the default, at a server that counts.
        @Test func neverBreaksALimit() async throws {
            try await Bench.with("--events", "4000", "--days", "10", "--requests-per-second", "5") { bench in
                let outcome = try await bench.runner.run([
                    Places.exporter, "sync", "--json", "--archive", bench.archive, "--base-url",
                    bench.simulator.address, "--backfill-start-time", Bench.backfillStart, "--page-size", "250"
                ])
                #expect(outcome.exitCode == 0, "\(outcome.everything)")
                let statistics = try await bench.simulator.statistics()
                #expect(statistics.requests >= 16)
                #expect(statistics.limitsBroken == 0 && statistics.byStatus["429"] == nil, "\(statistics)")
                try await bench.expectWhole()
            }
        }

        @Test(arguments: ["absolute", "http", "other-host", "relative", "always-null", "never-null", "missing"])
        func anyStyleOfNext(style: String) async throws {
            try await Bench.with("--events", "2500", "--days", "3", "--next-style", style) { bench in
                try await bench.syncWell("--page-size", "400")
                try await bench.expectWhole()
            }
        }
    }
}
