import Foundation
import TestSupport
import Testing

/// Oddities of listings that vendors have shipped, each against the real program.
@Suite("A listing that is odd in one way")
struct VendorCaseTests {
    @Test(
        "whose new records all lose their form is told of, though quiet, and ends with 76",
        arguments: [
            ("no-zone", "no readable created_at"), ("numeric-time", "no readable created_at"),
            ("numeric-id", "no string id")
        ])
    func formatSwitch(oddity: String, reason: String) async throws {
        try await VendorBench.with(oddity) { bench in
            let first = try await bench.sync("--quiet")
            #expect(first.outcome.exitCode == 0 && Self.says(first.outcome.errors, only: "A new archive was begun"))
            try await bench.expectArchived(30)
            try await bench.switchOver()
            let second = try await bench.sync("--quiet")
            #expect(second.outcome.exitCode == 76, "\(second.outcome.everything)")
            #expect(second.outcome.errors.contains("warning 20 of 20 new records"), "\(second.outcome.errors)")
            #expect(second.outcome.errors.contains(reason), "\(second.outcome.errors)")
            try await bench.expectArchived(30, quarantined: 20)
            // They are known by now, and kept once.
            let third = try await bench.sync("--quiet")
            #expect(third.outcome.exitCode == 0 && third.requests <= 2, "\(third.outcome.everything)")
            try await bench.expectArchived(30, quarantined: 20)
        }
    }

    @Test("with one record that is no JSON is archived but for that, which is kept aside by the next run")
    func notJSON() async throws {
        try await VendorBench.with("nan") { bench in
            let first = try await bench.sync("--quiet")
            #expect(first.outcome.exitCode == 76, "\(first.outcome.everything)")
            // The place: window, offset, and the byte in the record, which `N` is.
            for word in ["to now, offset 15", "in the record at byte 203", "'N' is not JSON here"] {
                #expect(first.outcome.errors.contains(word), "\(first.outcome.errors)")
            }
            try await bench.expectArchived(29)
            #expect(try await bench.bash("jq '.pending | length > 0' manifest.json") == "true\n")
            let second = try await bench.sync("--quiet")
            #expect(second.outcome.exitCode == 0, "\(second.outcome.everything)")
            #expect(second.outcome.errors.contains("warning "), "\(second.outcome.errors)")
            try await bench.expectArchived(29, quarantined: 1)
            #expect(try await bench.bash("jq '.pending | length' manifest.json") == "0\n")
            let kept = try await bench.bash(
                "zcat quarantine/*.gz | jq -j 'select(.reason == \"not JSON\") | .raw_base64' | base64 -d")
            #expect(kept.hasPrefix("{\"id\"") && kept.hasSuffix("{\"n\": NaN}}"), "\(kept)")
        }
    }

    @Test("that lists and counts a row twice is archived once, at the cost of two requests a run")
    func rowTwice() async throws {
        try await VendorBench.with("row-twice") { bench in
            for _ in 0..<3 {
                let run = try await bench.sync("--json")
                #expect(run.outcome.exitCode == 0 && run.requests <= 2, "\(run.outcome.everything)")
                #expect(run.outcome.text.contains("counts 31 events"), "\(run.outcome.text)")
            }
            try await bench.expectArchived(30)
        }
    }

    @Test(
        "whose total is that of the page is read for as long as there is a next one",
        arguments: [("short-total", 500), ("smallest-short-total", 3)])
    func shortTotal(oddity: String, count: Int) async throws {
        try await VendorBench.with(oddity) { bench in
            let first = try await bench.sync()
            #expect(first.outcome.exitCode == 0, "\(first.outcome.everything)")
            try await bench.expectArchived(count)
            let second = try await bench.sync()
            #expect(second.outcome.exitCode == 0, "\(second.outcome.everything)")
            #expect(second.requests <= first.requests)
            let comparison = try await bench.reconcile()
            #expect(comparison.exitCode == 0 && comparison.text.contains("\"missing\": 0, \"gone\": 0"))
            try await bench.expectArchived(count)
        }
    }

    @Test("that orders the members of its records anew every time has the same events")
    func keyOrder() async throws {
        try await VendorBench.with("key-order") { bench in
            for number in 0..<4 {
                let run = try await bench.sync("--quiet")
                #expect(run.outcome.exitCode == 0 && run.outcome.text.isEmpty)
                #expect(
                    number == 0
                        ? Self.says(run.outcome.errors, only: "A new archive was begun") : run.outcome.errors.isEmpty)
                #expect(run.requests <= 2)
            }
            try await bench.expectArchived(300)
        }
    }

    @Test("that changes a member of every record every time fills the quarantine with eight versions, no more")
    func volatileField() async throws {
        try await VendorBench.with("volatile-field") { bench in
            for number in 0..<10 {
                let run = try await bench.sync("--quiet")
                #expect(run.outcome.exitCode == 0, "\(run.outcome.everything)")
                let warnings = run.outcome.errors.components(separatedBy: " warning ").count - 1
                // A ninth version is only counted.
                // The first tells of the new archive.
                #expect(warnings == (number <= 8 ? 1 : 0), "run \(number): \(run.outcome.errors)")
            }
            try await bench.expectArchived(30, quarantined: 8 * 30)
        }
    }

    /// Whether these are messages of one kind alone.
    private static func says(_ errors: String, only text: String) -> Bool {
        let lines = errors.split(separator: "\n")
        return !lines.isEmpty && lines.allSatisfy { $0.contains(text) }
    }
}
