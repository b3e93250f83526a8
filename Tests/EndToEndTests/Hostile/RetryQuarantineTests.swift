import TestSupport
import Testing

@Suite("What was refused and is usable by now")
struct RetryQuarantineTests {
    @Test("is archived by reconcile --retry-quarantine, and stays in quarantine too")
    func mended() async throws {
        try await VendorBench.with("mended") { bench in
            #expect(try await bench.sync("--quiet").outcome.exitCode == 76)
            #expect(try await bench.sync("--quiet").outcome.exitCode == 0)
            try await bench.expectArchived(27, quarantined: 3)
            let tooEarly = try await bench.reconcile("--retry-quarantine")
            #expect(tooEarly.exitCode == 0 && tooEarly.text.contains("\"events\": 0,"), "\(tooEarly.everything)")
            try await bench.expectArchived(27, quarantined: 3)
            let before = try await bench.bash("jq -c '[.synced_to, .complete_through]' manifest.json")

            try await bench.switchOver()
            let retried = try await bench.reconcile("--retry-quarantine")
            #expect(retried.exitCode == 0 && retried.text.contains("\"events\": 3,"), "\(retried.everything)")
            #expect(retried.text.contains("\"outcome\": \"ok\""), "\(retried.everything)")
            try await bench.expectArchived(30, quarantined: 3)
            #expect(try await bench.bash("jq -c '[.synced_to, .complete_through]' manifest.json") == before)
            #expect(
                try await bench.bash(
                    "jq -r '.partitions[] | select(.state == \"open\") | .date' manifest.json >../open;"
                        + "jq -r '.checked[].to' manifest.json | grep -cxFf ../open || true") == "0\n",
                "a day that is not over counts as compared")

            let again = try await bench.reconcile("--retry-quarantine")
            #expect(again.exitCode == 0 && again.text.contains("\"events\": 0,"), "\(again.everything)")
            let sync = try await bench.sync("--quiet")
            #expect(sync.outcome.everything == "exit 0\n")
            #expect(try await bench.reconcile().exitCode == 0)
            try await bench.expectArchived(30, quarantined: 3)
        }
    }

    @Test("is asked for within the days given alone")
    func range() async throws {
        try await VendorBench.with("mended") { bench in
            for _ in 0..<2 { _ = try await bench.sync("--quiet") }
            try await bench.switchOver()
            let none = try await bench.reconcile("--retry-quarantine", "--to", "2020-01-01")
            #expect(none.exitCode == 0 && none.text.contains("\"nothing_compared\""), "\(none.everything)")
            try await bench.expectArchived(27, quarantined: 3)
        }
    }
}
