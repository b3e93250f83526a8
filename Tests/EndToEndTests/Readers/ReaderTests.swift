import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Programs of others read what was written.
    @Suite struct ReaderTests {
        @Test func ordinaryToolsReadTheSameEvents() async throws {
            try await Bench.with("--events", "5000", "--days", "10", "--seed", "3") { bench in
                try await bench.syncWell()
                try await bench.simulator.arrive(200, ties: 4, lateHours: 20)
                try await bench.syncWell()
                try await bench.simulator.writeEvents(to: "\(bench.directory)/events.ndjson")
                for (script, expected) in Self.readers {
                    let outcome = try await bench.bash(script)
                    #expect(outcome.exitCode == 0, "\(script): \(outcome.everything)")
                    #expect(outcome.text == expected, "\(script): \(outcome.everything)")
                }
            }
        }

        private static let readers = [
            ("find audit_logs -name '*.gz' -print0 | xargs -0 gzip -t", ""),
            (#"jq -r '.files[] | "\(.sha256)  \(.path)"' manifest.json | sha256sum -c --quiet"#, ""),
            ("zcat audit_logs/*/*.gz | jq -c . | wc -l", "5200\n"),
            ("zcat audit_logs/*/*.gz | jq -r .id | sort -u | wc -l", "5200\n"),
            ("zcat audit_logs/*/*.gz | sort | cmp - <(sort ../events.ndjson)", ""),
            ("jq '[.files[].records] | add' manifest.json", "5200\n")
        ]

        @Test func duckDBReadsTheTable() async throws {
            try Places.requirePython()
            try await Bench.with("--events", "5000", "--days", "10") { bench in
                try await bench.syncWell()
                let script = """
                    import duckdb
                    table = "read_json('audit_logs/**/*.ndjson.gz', hive_partitioning = true)"
                    print(duckdb.sql(f"select count(*), count(distinct id) from {table}").fetchall())
                    print(duckdb.sql(f"select count(*) from {table} where date <> created_at::timestamp::date").fetchall())
                    """
                let outcome = try await CommandRunner(directory: bench.archive).run(Places.python, "-c", script)
                #expect(outcome.text == "[(5000, 5000)]\n[(0,)]\n", "\(outcome.everything)")
            }
        }
    }
}
