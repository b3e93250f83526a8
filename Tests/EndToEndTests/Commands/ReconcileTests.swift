import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite struct ReconcileTests {
        /// Takes lines 3 to 7 out of the third file, and makes the manifest agree, so that no look at the archive tells.
        private static let removal =
            Bench.dropEvidence + #"""
                f=$(jq -r '.files[2].path' manifest.json)
                zcat "$f" | sed 3,7d | gzip -n >new.gz
                raw=$(zcat new.gz | wc -c); size=$(stat -c %s new.gz); sum=$(sha256sum <new.gz | cut -d' ' -f1)
                cat new.gz >"$f"; rm new.gz
                jq --arg f "$f" --arg sum "$sum" --argjson size "$size" --argjson raw "$raw" '
                    (.files[] | select(.path == $f)) |=
                        (.sha256 = $sum | .size = $size | .uncompressed_size = $raw | .records -= 5)
                    | .files[2].date as $date
                    | (.partitions[] | select(.date == $date)).records -= 5
                    | .totals.records -= 5
                    | .totals.size = ([.files[].size] | add)
                    | .totals.uncompressed_size = ([.files[].uncompressed_size] | add)' manifest.json >new.json
                head -n -2 new.json >manifest.json; rm new.json
                sum=$(sha256sum <manifest.json | cut -d' ' -f1)
                printf '  "sha256_above": "%s"\n}\n' "$sum" >>manifest.json
                jq -r '.files[2].date' manifest.json
                """#

        @Test func removedEventsAreFoundAndComeBack() async throws {
            try await Bench.with("--events", "900", "--days", "9") { bench in
                try await bench.syncWell()
                let agreeing = try await bench.reconcile()
                #expect(agreeing.exitCode == 0 && agreeing.text.hasPrefix("All agree: "), "\(agreeing.everything)")
                let removal = try await bench.bash(Self.removal)
                try #require(removal.exitCode == 0, "\(removal.everything)")
                let date = removal.text.filter { !$0.isWhitespace }
                #expect(try await bench.verify().exitCode == 0)

                let table = try await bench.reconcile()
                #expect(table.exitCode == 65, "\(table.everything)")
                #expect(table.text.contains("1 of "), "\(table.text)")
                #expect(table.text.contains(try Regex("\n  \(date) +[0-9]+ +[0-9]+ +5 +0\n")), "\(table.text)")
                #expect(table.text.contains("\nmissing here (5)\n"), "\(table.text)")
                #expect(table.errors.contains("5 events missing here") && table.errors.contains("--repair"))
                let check = try await bench.bash(
                    "jq '.checked[] | select(.from == \"\(date)\") | .api_count - .archive_count, .checked_at' manifest.json"
                )
                #expect(check.text.hasPrefix("5\n\"20"), "\(check.everything)")

                let report = try await bench.reconcile("--json")
                #expect(report.exitCode == 65)
                #expect(try report.comparison() == Comparison(outcome: "differs", missing: 5, gone: 0, events: 0))
                let repair = try await bench.reconcile("--json", "--repair")
                #expect(repair.exitCode == 0, "\(repair.everything)")
                #expect(try repair.comparison() == Comparison(outcome: "ok", missing: 5, gone: 0, events: 5))
                try await bench.expectWhole()
                let quiet = try await bench.reconcile("--quiet")
                #expect(quiet.exitCode == 0 && quiet.output.isEmpty && quiet.errors.isEmpty, "\(quiet.everything)")
                let counts = try await bench.bash(
                    "jq -e '[.checked[] | .api_count == .archive_count] | all' manifest.json"
                )
                #expect(counts.exitCode == 0, "\(counts.everything)")
            }
        }

        @Test func goneEventsStay() async throws {
            try await Bench.with("--events", "900", "--days", "9") { bench in
                try await bench.syncWell()
                let before = try await bench.bash("zcat audit_logs/*/* | sha256sum")
                try await bench.simulator.post("purge?count=4")
                let outcome = try await bench.reconcile("--json", "--repair")
                #expect(outcome.exitCode == 65, "\(outcome.everything)")
                #expect(try outcome.comparison() == Comparison(outcome: "differs", missing: 0, gone: 4, events: 0))
                #expect(outcome.errors.contains("4 events gone there"), "\(outcome.errors)")
                #expect(try await bench.bash("zcat audit_logs/*/* | sha256sum").text == before.text)
            }
        }

        /// A vendor's retention does not make it red for ever, and what else goes there is still found.
        @Test func goneEventsAreAccepted() async throws {
            try await Bench.with("--events", "900", "--days", "9") { bench in
                try await bench.syncWell()
                try await bench.simulator.post("purge?count=4")
                #expect(try await bench.reconcile().exitCode == 65)
                let accepted = try await bench.reconcile("--accept-gone")
                #expect(accepted.exitCode == 0, "\(accepted.everything)")
                let noted = try await bench.bash("jq '[.checked[].gone_at_vendor // 0] | add' manifest.json")
                #expect(noted.text == "4\n", "\(noted.everything)")
                for _ in 0..<2 {
                    let again = try await bench.reconcile()
                    #expect(again.exitCode == 0 && again.text.hasPrefix("All agree: "), "\(again.everything)")
                }
                #expect(try await bench.verify().exitCode == 0)
                try await bench.simulator.post("purge?count=10")
                let more = try await bench.reconcile("--json")
                #expect(more.exitCode == 65, "\(more.everything)")
            }
        }

        @Test func saysTheRangeAndNothingIsNoAgreement() async throws {
            try await Bench.with("--events", "900", "--days", "9") { bench in
                try await bench.syncWell()
                let all = try await bench.reconcile("--from", "2024-01-01")
                #expect(all.exitCode == 0 && all.text.contains("closed days, 2024-01-01 to 20"), "\(all.everything)")
                let days = try await bench.bash(
                    "jq -r '[.partitions[] | select(.state == \"closed\")][1].date' manifest.json")
                let day = days.text.filter { !$0.isWhitespace }
                let one = try await bench.reconcile("--from", day, "--to", day)
                #expect(
                    one.exitCode == 0 && one.text.hasPrefix("All agree: 1 closed day, \(day) to \(day), "),
                    "\(one.text)")
                let none = try await bench.reconcile("--from", "2030-01-01", "--json")
                #expect(none.exitCode == 78 && none.text.contains("\"nothing_compared\""), "\(none.everything)")
            }
            try await Bench.with("--events", "10", "--days", "1") { bench in
                let start = "\(Date(timeIntervalSinceNow: -3_600).ISO8601Format())"
                let sync = try await bench.runner.run(
                    [Places.exporter, "sync", "--archive", bench.archive, "--base-url", bench.simulator.address]
                        + ["--backfill-start-time", start])
                #expect(sync.exitCode == 0, "\(sync.everything)")
                let nothing = try await bench.reconcile("--json")
                #expect(nothing.exitCode == 0 && nothing.text.contains("\"outcome\": \"nothing_compared\""))
            }
        }

        /// Any command that writes ends a commit that was past its point of no return.
        @Test func finishesTheFirstCommitOfAKilledSync() async throws {
            try await Bench.with("--events", "100", "--days", "9") { bench in
                let rename = "rename,renameat,renameat2"
                let killed = try await bench.runner.run(
                    ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(rename)"]
                        + ["-P", "\(bench.archive)/.captivateiq-export/staging/manifest.json"]
                        + ["-e", "inject=\(rename):signal=KILL"] + bench.syncCommand())
                #expect(killed.exitCode == 137, "\(killed.everything)")
                #expect(!FileManager.default.fileExists(atPath: "\(bench.archive)/manifest.json"))
                let outcome = try await bench.reconcile()
                #expect(outcome.exitCode == 0, "\(outcome.everything)")
                #expect(try await bench.bash("jq .generation manifest.json").text == "1\n")
                // That commit was the archive's beginning; the events are the next sync's.
                try await bench.syncWell()
                try await bench.expectWhole()
            }
        }

        private struct Comparison: Decodable, Equatable {
            var outcome: String
            var missing: Int
            var gone: Int
            var events: Int
        }
    }
}

extension Bench {
    /// Runs `reconcile` and waits for its end.
    fileprivate func reconcile(_ flags: String...) async throws -> RunningProgram.Outcome {
        try await runner.run(
            [
                Places.exporter, "reconcile", "--archive", archive, "--base-url", simulator.address,
                "--requests-per-second", "1000", "--requests-per-hour", "1000000"
            ] + flags)
    }
}

extension RunningProgram.Outcome {
    /// Standard output as the summary of a comparison.
    fileprivate func comparison<Comparison: Decodable>() throws -> Comparison {
        try JSONDecoder().decode(Comparison.self, from: Data(output))
    }
}
