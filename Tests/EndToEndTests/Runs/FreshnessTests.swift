import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// What a sync leaves for those who watch it, and the beginning of an archive.
    @Suite("The record of every run")
    struct FreshnessTests {
        @Test func everySyncIsRecordedAndAQuietOneWritesNothingElse() async throws {
            try await Bench.with("--events", "200", "--days", "4") { bench in
                try await bench.syncWell()
                let before = try await bench.snapshot()
                let first = try await bench.freshness()
                #expect(
                    first.contains(#""outcome": "ok", "exit_code": 0, "events": 200, "failures_in_a_row": 0"#),
                    "\(first)")
                try await bench.syncWell()
                #expect(try await bench.snapshot() == before)
                let second = try await bench.freshness()
                #expect(second != first && second.contains(#""events": 0, "failures_in_a_row": 0"#), "\(second)")
                for code in [1, 2, 3] {
                    try await bench.simulator.setFaults("401:1")
                    #expect(try await bench.sync().exitCode == 77)
                    let text = try await bench.freshness()
                    #expect(
                        text.contains(
                            #""outcome": "failed", "exit_code": 77, "events": 0, "failures_in_a_row": \#(code)"#),
                        "\(text)")
                }
                #expect(try await bench.snapshot() == before)
                let stuck = try await bench.status("--max-age", "26h")
                #expect(stuck.exitCode == 1 && stuck.text.hasPrefix("STUCK  "), "\(stuck.everything)")
                #expect(try await bench.status().exitCode == 0)
                try await bench.simulator.setFaults()
                try await bench.syncWell()
                let sound = try await bench.status("--max-age", "26h")
                #expect(sound.exitCode == 0 && sound.text.hasPrefix("OK  "), "\(sound.everything)")
                #expect(sound.text.contains("last failure: ") && sound.text.contains(", 77\n"), "\(sound.everything)")
                try await bench.expectWhole()
                try FileManager.default.removeItem(atPath: "\(bench.archive)/freshness.json")
                #expect(try await bench.verify().exitCode == 0)
            }
        }

        @Test func aFirstSyncThatFailsLeavesAnArchiveToBeFilled() async throws {
            try await Bench.with("--events", "3000", "--days", "30") { bench in
                try await bench.simulator.setFaults("401@3")
                let failed = try await bench.sync("--page-size", "20")
                #expect(failed.exitCode == 77, "\(failed.everything)")
                #expect(try await bench.verify().exitCode == 0)
                let status = try await bench.status()
                #expect(status.exitCode == 0 && status.text.hasPrefix("INCOMPLETE  "), "\(status.everything)")
                #expect(try await bench.freshness().contains(#""failures_in_a_row": 1"#))
                try await bench.simulator.setFaults()
                try await bench.syncWell()
                try await bench.expectWhole()
            }
        }

        @Test func aRunWithoutTheLockWritesNothingAndIsSilentAfterASuccess() async throws {
            try await Bench.with("--events", "50", "--days", "2") { bench in
                try await bench.syncWell()
                let before = try await bench.freshness()
                let held = ["flock", "\(bench.archive)/.captivateiq-export/lock"]
                let loud = try await bench.runner.run(held + bench.syncCommand())
                #expect(loud.exitCode == 75 && loud.errors.contains("in use"), "\(loud.everything)")
                #expect(loud.text.contains(#""error": {"code": 75, "kind": "locked", "#), "\(loud.text)")
                let quiet = try await bench.runner.run(held + bench.syncCommand(["--quiet"]))
                #expect(quiet.exitCode == 75 && quiet.output.isEmpty && quiet.errors.isEmpty, "\(quiet.everything)")
                #expect(try await bench.freshness() == before)
            }
        }

        @Test func aNewArchiveIsAnnouncedAlsoWithQuiet() async throws {
            try await Bench.with("--events", "50", "--days", "2") { bench in
                let command = bench.syncCommand(["--quiet"])
                let start = try #require(command.firstIndex(of: "--backfill-start-time"))
                let without = Array(command[..<start] + command[(start + 2)...])
                let off = try await bench.runner.run(without + ["--no-create"])
                #expect(off.exitCode == 66, "\(off.everything)")
                #expect(!FileManager.default.fileExists(atPath: bench.archive))
                let new = try await bench.runner.run(without + ["--create"])
                #expect(new.exitCode == 0 && new.output.isEmpty, "\(new.everything)")
                #expect(new.errors.contains("A new archive was begun at \(bench.archive), from "), "\(new.errors)")
                #expect(new.errors.contains("nothing earlier will be fetched. The API has 50 events from before"))
                let again = try await bench.runner.run(without + ["--no-create"])
                #expect(again.exitCode == 0 && again.errors.isEmpty, "\(again.everything)")
            }
        }

        @Test func damageIsRecordedToo() async throws {
            try await Bench.with("--events", "50", "--days", "2") { bench in
                try await bench.syncWell()
                try "{".write(toFile: "\(bench.archive)/manifest.json", atomically: false, encoding: .utf8)
                #expect(try await bench.sync().exitCode == 65)
                let text = try await bench.freshness()
                #expect(
                    text.contains(#""outcome": "failed", "exit_code": 65, "#) && text.contains(#""generation": 2"#),
                    "\(text)")
                let status = try await bench.status()
                #expect(status.exitCode == 65 && status.text.hasPrefix("DAMAGED  "), "\(status.everything)")
            }
        }
    }
}

extension Bench {
    fileprivate func freshness() async throws -> String {
        // jq says whether it is JSON at all.
        let outcome = try await bash("jq -e .last_run freshness.json >/dev/null && cat freshness.json")
        try #require(outcome.exitCode == 0, "\(outcome.everything)")
        return outcome.text
    }

    fileprivate func status(_ flags: String...) async throws -> RunningProgram.Outcome {
        try await runner.run([Places.exporter, "status", "--archive", archive] + flags)
    }
}
