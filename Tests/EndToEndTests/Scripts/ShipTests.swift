import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// `SHIP_COPIES` sets how many copies are made while syncs, compactions and prunes go on.
    @Suite struct ShipTests {
        private static let copies =
            ProcessInfo.processInfo.environment["SHIP_COPIES"].flatMap { Int($0) }.map { max(1, $0) } ?? 20

        @Test func everyCopyMadeMeanwhileVerifies() async throws {
            try await Bench.with("--events", "600", "--days", "10", "--odd", "no-id:0.01") { bench in
                try await bench.syncWell("--lookback", "1h")
                async let changes: Void = keepChanging(bench, rounds: max(4, Self.copies / 3))
                var generations: Set<String> = []
                for number in 1...max(1, Self.copies / 2) {
                    generations.insert(try await ship(bench, to: "\(bench.directory)/new/copy-\(number)"))
                    _ = try await ship(bench, to: "\(bench.directory)/one")
                }
                try await changes
                #expect(generations.count > 1, "no commit came between the copies")
                let last = try await ship(bench, to: "\(bench.directory)/one")
                #expect(last == (try await bench.bash("jq .generation manifest.json")).text)
                // What was compacted or pruned is gone there as well.
                let list = "cd \(bench.directory) && diff <(cd archive && find audit_logs quarantine | sort) "
                let difference = try await bench.bash(list + "<(cd one && find audit_logs quarantine | sort)")
                #expect(difference.exitCode == 0, "\(difference.everything)")
                let again = try await bench.bash(
                    "find ../one/audit_logs -type f -printf '%p %i %C@\\n' | sort >../before\n"
                        + "\(Places.repository)/scripts/ship . ../one\n"
                        + "find ../one/audit_logs -type f -printf '%p %i %C@\\n' | sort | cmp - ../before")
                #expect(again.exitCode == 0, "an unchanged archive moves no data: \(again.everything)")
            }
        }

        private func keepChanging(_ bench: Bench, rounds: Int) async throws {
            for round in 1...rounds {
                try await bench.simulator.arrive(50, ties: 2, lateHours: 20)
                try await bench.syncWell("--lookback", "1h")
                let command = round % 4 == 3 ? ["prune", "--keep", "\(10 - round % 5)d"] : ["compact"]
                let outcome = try await bench.runner.run([Places.exporter] + command + ["--archive", bench.archive])
                #expect(outcome.exitCode == 0, "\(outcome.everything)")
            }
        }

        /// Gives the generation of the copy.
        private func ship(_ bench: Bench, to copy: String) async throws -> String {
            let outcome = try await bench.runner.run("\(Places.repository)/scripts/ship", bench.archive, copy)
            #expect(outcome.exitCode == 0, "\(outcome.everything)")
            let verification = try await bench.verify(archive: copy)
            #expect(verification.exitCode == 0, "\(verification.everything)")
            // Nothing of the archive's own private folder: what is there is for files on their way.
            let left = try? FileManager.default.subpathsOfDirectory(atPath: "\(copy)/.captivateiq-export")
            #expect(left == ["incoming"])
            return try await bench.runner.run("jq", ".generation", "\(copy)/manifest.json").text
        }

        @Test func finalDaysTravelOnceAndAreSentAgainOnDemand() async throws {
            try await Bench.with("--events", "300", "--days", "6") { bench in
                try await bench.syncWell("--lookback", "1h")
                let ship = "\(Places.repository)/scripts/ship"
                let first = try await bench.bash(
                    "\(ship) --closed . ../closed && find ../closed/audit_logs -name '*.gz' | sort")
                #expect(first.exitCode == 0 && !first.text.isEmpty, "\(first.everything)")
                let day = try #require(first.text.split(separator: "/").first { $0.hasPrefix("date=") }?.dropFirst(5))
                // As a repair of that day, and a compaction after it, leave it.
                let change =
                    "old=$(ls audit_logs/date=\(day)); new=${old/000002/000009}\n"
                    + "mv audit_logs/date=\(day)/$old audit_logs/date=\(day)/$new\n"
                    + "sed -i \"s|$old|$new|\" manifest.json\n"
                let changed = try await bench.bash(change + "\(ship) --closed . ../closed")
                #expect(changed.exitCode == 75 && changed.errors.contains("\(day)"), "\(changed.everything)")
                let same = try await bench.bash("find ../closed/audit_logs -name '*.gz' | sort")
                #expect(same.text == first.text)
                let resent = try await bench.bash(
                    "\(ship) --closed --resend \(day) . ../closed && ls ../closed/audit_logs/date=\(day)")
                #expect(resent.exitCode == 0 && resent.text.contains("000009"), "\(resent.everything)")
                #expect(resent.text.split(separator: "\n").count == 1)
                #expect(try await bench.bash("\(ship) --closed . ../closed").exitCode == 0)
            }
        }

        @Test func takesAFolderWithAColonForAFolder() async throws {
            try await Bench.with("--events", "50", "--days", "3") { bench in
                try await bench.syncWell()
                let outcome = try await bench.bash(
                    "cd .. && mv archive arch:ive && \(Places.repository)/scripts/ship arch:ive copy && mv arch:ive archive"
                )
                #expect(outcome.exitCode == 0, "\(outcome.everything)")
                #expect(try await bench.verify(archive: "\(bench.directory)/copy").exitCode == 0)
            }
        }

        @Test func refusesWhatIsNoArchive() async throws {
            try await withTemporaryDirectory { directory in
                let runner = CommandRunner(directory: directory, environment: Places.environment)
                let empty = try await runner.run("\(Places.repository)/scripts/ship", directory, "\(directory)/copy")
                #expect(empty.exitCode == 1 && empty.errors.contains("manifest.json"), "\(empty.everything)")
                for arguments in [
                    [directory], ["--resend", "2025-01-01", "a", "b"], ["--to", "ftp://x", "a"], ["--far"]
                ] {
                    let usage = try await runner.run(["\(Places.repository)/scripts/ship"] + arguments)
                    #expect(usage.exitCode == 64 && usage.errors.contains("usage:"), "\(usage.everything)")
                }
            }
        }
    }
}
