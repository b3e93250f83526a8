import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite struct CommandLineTests {
        /// A command line, its exit code, and what its message has to name.
        struct Case: Sendable, CustomTestStringConvertible {
            let arguments: [String]
            let code: Int32
            let words: [String]
            var variables: [String: String] = ["CAPTIVATEIQ_API_TOKEN": "secret-5f1c"]

            var testDescription: String { "\(arguments.joined(separator: " ")) -> \(code)" }
        }

        /// `/nowhere` would be refused later than all of these.
        static let cases = [
            Case(arguments: ["--help"], code: 0, words: ["sync", "verify", "status"]),
            Case(arguments: ["sync", "--help"], code: 0, words: ["CAPTIVATEIQ_PAGE_SIZE", "1000"]),
            Case(arguments: ["--version"], code: 0, words: ["0."]),
            Case(arguments: [], code: 64, words: ["sync"]),
            Case(arguments: ["snyc"], code: 64, words: ["snyc"]),
            Case(arguments: ["sync", "--no-such-flag"], code: 64, words: ["--no-such-flag"]),
            Case(arguments: ["verify", "--archive"], code: 64, words: ["--archive"]),
            Case(arguments: ["sync", "--api-token", "secret-5f1c"], code: 64, words: ["CAPTIVATEIQ_API_TOKEN"]),
            Case(arguments: ["sync"], code: 78, words: ["archive"]),
            Case(arguments: ["sync", "--archive", "a"], code: 78, words: ["CAPTIVATEIQ_API_TOKEN"], variables: [:]),
            Case(
                arguments: ["sync", "--archive", "a", "--page-size", "none"], code: 78, words: ["--page-size", "none"]),
            Case(arguments: ["sync", "--archive", "a", "--lookback", "1 day"], code: 78, words: ["--lookback"]),
            Case(
                arguments: ["sync", "--archive", "a", "--base-url", "http://example.com"], code: 78,
                words: ["--base-url", "http://example.com"]),
            Case(arguments: ["sync", "--archive", "a", "--config", "missing.json"], code: 78, words: ["missing.json"]),
            Case(
                arguments: ["sync", "--archive", "a", "--api-token-file", "missing"], code: 78,
                words: ["--api-token-file"], variables: [:]),
            Case(arguments: ["status", "--archive", "a"], code: 66, words: ["a"]),
            Case(arguments: ["verify", "--archive", "a"], code: 66, words: ["a"])
        ]

        @Test(arguments: cases)
        func exitCodeAndMessage(_ example: Case) async throws {
            try await withTemporaryDirectory { directory in
                let environment = Places.environment.merging(example.variables) { $1 }
                let outcome = try await CommandRunner(directory: directory, environment: environment)
                    .run([Places.exporter] + example.arguments)
                #expect(outcome.exitCode == example.code, "\(outcome.everything)")
                let message = example.code == 0 ? outcome.text : outcome.errors
                for word in example.words { #expect(message.contains(word), "\(outcome.everything)") }
                #expect(!outcome.everything.contains("secret-5f1c"))
                #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
            }
        }

        @Test func jsonSummaryHasTheKeysOfTheContract() async throws {
            try await Bench.with("--events", "100", "--days", "2") { bench in
                let outcome = try await bench.sync()
                let keys = [
                    "outcome", "events", "duplicates", "quarantined", "files", "bytes", "requests", "retries",
                    "waited_seconds", "last_event_timestamp", "complete_through", "duration_seconds", "generation",
                    "warnings"
                ]
                let found = outcome.text.matches(of: /"([a-z_]+)":/).map { String($0.1) }
                #expect(found == keys, "\(outcome.text)")
                #expect(outcome.text.hasSuffix("}\n") && outcome.text.filter { $0 == "\n" }.count == 1)
                let status = try await bench.runner.run(Places.exporter, "status", "--archive", bench.archive, "--json")
                #expect(status.exitCode == 0)
                let object = try JSONSerialization.jsonObject(with: Data(status.output)) as? [String: Any]
                #expect(object?["events"] as? Int == 100, "\(status.text)")
            }
        }

        @Test func quietSaysNothingUnlessItFails() async throws {
            try await Bench.with("--events", "100", "--days", "2") { bench in
                let command = bench.syncCommand(["--quiet"]).filter { $0 != "--json" }
                let good = try await bench.runner.run(command)
                #expect(good.exitCode == 0)
                #expect(good.output.isEmpty && good.errors.split(separator: "\n").count == 1, "\(good.everything)")
                #expect(good.errors.contains("A new archive was begun"), "\(good.everything)")
                let quiet = try await bench.verify("--quiet")
                #expect(quiet.exitCode == 0 && quiet.output.isEmpty && quiet.errors.isEmpty, "\(quiet.everything)")
                try await bench.simulator.setFaults("401:1")
                let bad = try await bench.runner.run(command)
                #expect(bad.exitCode == 77 && bad.errors.contains("error: "), "\(bad.everything)")
            }
        }

        /// Bytes that are no UTF-8 name the folder that has them, by flag and by variable, and another one has not.
        @Test func anArchiveMayHaveAnyName() async throws {
            try await Bench.with("--events", "30", "--days", "2") { bench in
                let script = """
                    set -eu
                    folder=$'a\\xff\\xc3(b'
                    "$@" --archive "$folder"
                    CAPTIVATEIQ_ARCHIVE="$folder" "$1" verify
                    [ "$(ls -d a*)" = "$folder" ] && [ -f "$folder/manifest.json" ] && [ -f "$folder/freshness.json" ]
                    ls "$folder"/audit_logs/date=*/*.gz | wc -l
                    """
                let command = bench.syncCommand().split(separator: "--archive").map(Array.init)
                let rest = command[0] + command[1].dropFirst()
                let outcome = try await bench.runner.run(["bash", "-c", script, "bash"] + rest)
                #expect(outcome.exitCode == 0, "\(outcome.everything)")
            }
        }

        @Test func settingsComeFromFlagThenEnvironmentThenFile() async throws {
            try await Bench.with("--events", "100", "--days", "2") { bench in
                let yaml = """
                    archive: "\(bench.archive)"
                    base_url: \(bench.simulator.address)
                    api_token_file: \(bench.directory)/token
                    backfill_start_time: 2024-01-01
                    page_size: 7
                    """
                try yaml.write(toFile: "\(bench.directory)/c.yaml", atomically: true, encoding: .utf8)
                try "  \(Bench.token)\n".write(toFile: "\(bench.directory)/token", atomically: true, encoding: .utf8)
                var environment = Places.environment
                environment["CAPTIVATEIQ_PAGE_SIZE"] = "1000"
                environment["CAPTIVATEIQ_JSON"] = "true"
                let outcome = try await CommandRunner(directory: bench.directory, environment: environment)
                    .run(Places.exporter, "sync", "--config", "c.yaml")
                #expect(outcome.exitCode == 0, "\(outcome.everything)")
                // Pages of seven would have taken fifteen.
                #expect(try outcome.syncResult().requests < 10)
                try await bench.expectWhole()
            }
        }
    }
}
