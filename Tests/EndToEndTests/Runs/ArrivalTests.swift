import TestSupport
import Testing

extension EndToEnd {
    @Suite struct ArrivalTests {
        @Test(arguments: ["ascending", "descending", "unordered"])
        func sixRoundsWithTiesAndLateEvents(order: String) async throws {
            try await Bench.with("--events", "1200", "--days", "4", "--order", order) { bench in
                try await bench.syncWell()
                for round in 1...6 {
                    try await bench.simulator.arrive(100, ties: 7)
                    try await bench.simulator.arrive(60, ties: 3, lateHours: 20)
                    let result = try await bench.syncWell()
                    #expect(result.events == 160, "round \(round)")
                    try await bench.expectWhole("round \(round)")
                }
            }
        }

        @Test func arrivalsDuringTheBackfillAreInTheNextSync() async throws {
            try await Bench.with(
                "--events", "4000", "--days", "10", "--order", "descending", "--arrivals-per-request", "5",
                "--late-share", "0.3"
            ) { bench in
                let moving = try await bench.sync("--page-size", "200")
                // It may find that pages never add up while they move, and say so; what it received it keeps.
                #expect([0, 75].contains(moving.exitCode), "\(moving.everything)")
                #expect(try moving.syncResult().events >= 4000)
                try await bench.expectSound()
                try await bench.simulator.post("quiet")
                try await bench.syncWell()
                try await bench.expectWhole()
            }
        }

        @Test func withoutBackfillStartNothingPastIsFetched() async throws {
            try await Bench.with("--events", "500", "--days", "3") { bench in
                let command = [
                    Places.exporter, "sync", "--json", "--archive", bench.archive,
                    "--base-url", bench.simulator.address
                ]
                let first = try await bench.runner.run(command)
                #expect(first.exitCode == 0, "\(first.everything)")
                #expect(try first.syncResult().events == 0)
                try await bench.expectSound()
                let backfill = try await bench.syncWell()
                #expect(backfill.events == 500, "an earlier start fills the gap")
                try await bench.expectWhole()
            }
        }
    }
}
