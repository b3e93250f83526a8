import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// A few of the archives of `scripts/lake-test`, which has the others and more engines.
    @Suite struct LakeTests {
        @Test(arguments: ["absent in the first files", "number, then text", "1e400"])
        func enginesReadOddEvents(name: String) async throws {
            try Places.requirePython()
            let outcome = try await CommandRunner(directory: "/", environment: Places.environment).run(
                Places.python, "-B", "\(Places.repository)/scripts/lake.d/lake_test.py", "--exporter", Places.exporter,
                "--engines", "duckdb,polars", "--cases", name)
            #expect(outcome.exitCode == 0, "\(outcome.everything)")
            #expect(outcome.text.contains("\(name): duckdb ok, polars"), "\(outcome.everything)")
        }
    }
}
