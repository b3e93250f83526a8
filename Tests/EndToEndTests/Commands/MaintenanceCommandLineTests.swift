import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// The command lines of `reconcile` and `rebuild`.
    @Suite struct MaintenanceCommandLineTests {
        static let cases: [CommandLineTests.Case] = [
            .init(arguments: ["--help"], code: 0, words: ["reconcile", "rebuild"]),
            .init(arguments: [], code: 64, words: ["reconcile", "rebuild"]),
            .init(arguments: ["reconcile", "--help"], code: 0, words: ["--repair", "--from", "CAPTIVATEIQ_PAGE_SIZE"]),
            .init(arguments: ["rebuild", "--help"], code: 0, words: ["--quiet", "EXAMPLE"]),
            .init(arguments: ["reconcile", "--archive", "a", "--from", "may"], code: 64, words: ["--from", "may"]),
            .init(
                arguments: ["reconcile", "--archive", "a", "--from", "2025-02-02", "--to", "2025-02-01"], code: 64,
                words: ["--to", "2025-02-01"]),
            .init(
                arguments: ["reconcile", "--archive", "a", "--backfill-start-time", "2025-01-01"], code: 64,
                words: ["--backfill-start-time"]),
            .init(
                arguments: ["reconcile", "--api-token", "secret-5f1c"], code: 64, words: ["CAPTIVATEIQ_API_TOKEN"]),
            .init(arguments: ["reconcile"], code: 78, words: ["archive"]),
            .init(
                arguments: ["reconcile", "--archive", "a"], code: 78, words: ["CAPTIVATEIQ_API_TOKEN"], variables: [:]),
            .init(arguments: ["reconcile", "--archive", "a"], code: 66, words: ["There is no archive", "a"]),
            .init(arguments: ["rebuild", "--repair"], code: 64, words: ["--repair"]),
            .init(arguments: ["rebuild"], code: 78, words: ["archive"]),
            .init(arguments: ["rebuild", "--archive", "a", "--lookback", "1h"], code: 64, words: ["--lookback"]),
            .init(arguments: ["rebuild", "--archive", "a"], code: 66, words: ["There is no archive", "a"])
        ]

        @Test(arguments: cases)
        func exitCodeAndMessage(_ example: CommandLineTests.Case) async throws {
            try await withTemporaryDirectory { directory in
                let outcome = try await CommandRunner(
                    directory: directory, environment: Places.environment.merging(example.variables) { $1 }
                ).run([Places.exporter] + example.arguments)
                #expect(outcome.exitCode == example.code, "\(outcome.everything)")
                let message = example.code == 0 ? outcome.text : outcome.errors
                for word in example.words { #expect(message.contains(word), "\(outcome.everything)") }
                #expect(!outcome.everything.contains("secret-5f1c"))
                #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
            }
        }
    }
}
