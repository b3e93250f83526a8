import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite struct QuickstartTests {
        @Test func simulatedRunShowsEveryPart() async throws {
            try await withTemporaryDirectory { directory in
                let outcome = try await quickstart(in: directory)
                #expect(outcome.exitCode == 0, "\(outcome.everything)")
                let parts = [
                    "Archived 20,000 new events", "Archived 200 new events", "Sound: ", "20,200 events", "Last 14 days",
                    "audit_logs/date=", "manifest.json", #"{"id":""#, "The archive is in \(directory)/archive"
                ]
                for part in parts { #expect(outcome.text.contains(part), "\(part) is missing: \(outcome.everything)") }
                let simulators = try await CommandRunner(directory: directory).run("pgrep", "-f", "\(directory)/")
                #expect(simulators.text.isEmpty, "left behind: \(simulators.text)")
                let left = try FileManager.default.contentsOfDirectory(atPath: directory)
                #expect(left == ["archive"])
            }
        }

        @Test func doesNotMixSimulatedEventsIntoAnArchive() async throws {
            try await withTemporaryDirectory { directory in
                try FileManager.default.createDirectory(
                    atPath: "\(directory)/archive/mine", withIntermediateDirectories: true)
                let outcome = try await quickstart(in: directory)
                #expect(outcome.exitCode == 1 && outcome.errors.contains("is not empty"), "\(outcome.everything)")
            }
        }

        @Test func withATokenItAsksTheAPI() async throws {
            try await Bench.with("--events", "400", "--days", "3") { bench in
                let variables = [
                    "CAPTIVATEIQ_API_TOKEN": Bench.token, "CAPTIVATEIQ_BASE_URL": bench.simulator.address
                ]
                let outcome = try await quickstart(in: bench.directory, variables)
                #expect(outcome.exitCode == 0, "\(outcome.everything)")
                #expect(outcome.text.contains("Archived 400 new events"), "\(outcome.everything)")
                try await bench.expectWhole()
            }
        }

        /// Without a build: the one that runs these tests holds the build folder.
        private func quickstart(
            in directory: String, _ variables: [String: String] = [:]
        ) async throws -> RunningProgram.Outcome {
            var environment = Places.environment.merging(variables) { $1 }
            environment["TMPDIR"] = directory
            let script = "\(Places.repository)/scripts/quickstart"
            return try await CommandRunner(directory: directory, environment: environment)
                .run(script, "--debug", "--no-build", "\(directory)/archive")
        }
    }
}
