import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// The report in a real browser, and its numbers beside those that DuckDB finds in the files.
    @Suite struct ReportTests {
        @Test func looksRightAndCountsRight() async throws {
            try Places.requirePython()
            try await Bench.with(
                "--events", "3000", "--days", "400", "--odd", "no-id:0.01", "--changed-share", "0.01"
            ) { bench in
                // The simulator's events reach back further than those of other tests.
                try await bench.syncWell()
                try await bench.simulator.arrive(60, ties: 2, lateHours: 20)
                try await bench.syncWell()
                try await expectWell(bench.runner, [bench.archive])
            }
        }

        @Test func withstandsHostileNames() async throws {
            try Places.requirePython()
            try await withTemporaryDirectory { directory in
                let runner = CommandRunner(directory: directory, environment: Places.environment)
                try await expectWell(runner, ["--hostile", "\(directory)/archive"])
            }
        }

        private func expectWell(_ runner: CommandRunner, _ arguments: [String]) async throws {
            let outcome = try await runner.run(
                [Places.python, "-B", Places.browserReport, Places.exporter] + arguments)
            #expect(outcome.exitCode == 0, "\(outcome.everything)")
            #expect(outcome.text.hasSuffix("ok\n"), "\(outcome.everything)")
        }
    }
}
