import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite struct CheckTests {
        struct Report: Decodable {
            struct Line: Decodable {
                var name: String
                var result: String
                var detail: String
                var exitCode: Int?
            }
            struct Setting: Decodable {
                var name: String
                var value: String?
                var source: String
            }
            struct Cost: Decodable {
                var from: String?
                var events: Int
                var requests: Int
                var durationSeconds: Double
                var budgetHours: Double
            }
            var outcome: String
            var checks: [Line]
            var settings: [Setting]
            var nextSync: Cost?
            var requests: Int

            func lines(_ name: String) -> [Line] { checks.filter { $0.name == name } }
        }

        @Test func everyLineAndNothingChanged() async throws {
            try await Bench.with("--events", "900", "--days", "9") { bench in
                let first = try await bench.check("--backfill-start-time", Bench.backfillStart)
                #expect(first.exitCode == 0, "\(first.everything)")
                #expect(!FileManager.default.fileExists(atPath: bench.archive))
                #expect(try await bench.simulator.statistics().requests == 3)
                let lines = first.text.split(separator: "\n")
                #expect(lines.allSatisfy { ["ok    ", "WARN  ", "FAIL  "].contains($0.prefix(6)) }, "\(first.text)")
                let parts = [
                    "token         from environment variable CAPTIVATEIQ_API_TOKEN",
                    "organization  Acme Corp (org_123456)",
                    "API           \(bench.simulator.address) answers in", "and shows 900 events",
                    "clock         agrees",
                    "rate tier     own limits: 1,000 requests/s and 1,000,000/h", "lookback = 24h   (default)",
                    "backfill_start_time = 2024-01-01   (flag --backfill-start-time)", "api_token = <hidden>",
                    "there is none yet", "a sync would begin a new archive", "free space",
                    "reads from 2024-01-01 00:00:00 UTC on, 900 events"
                ]
                for part in parts { #expect(first.text.contains(part), "\(part): \(first.text)") }
                #expect(!first.everything.contains(Bench.token))

                try await bench.syncWell()
                let before = try await bench.everything()
                let report = try await bench.checkReport()
                #expect(report.outcome == "ok" && report.checks.allSatisfy { $0.result == "ok" }, "\(report)")
                #expect(report.lines("file system").map(\.detail) == ["lock, fsync, rename, exchange work"])
                #expect(report.lines("archive").first?.detail.contains("generation 2, 900 events") == true)
                #expect(report.settings.count > 20 && report.settings.allSatisfy { !$0.source.isEmpty })
                #expect(report.nextSync.map { $0.requests <= 2 } == true, "\(report)")
                #expect(try await bench.everything() == before)
            }
        }

        /// The first thing for which a sync would fail gives the code.
        @Test func codeOfTheFirstFailure() async throws {
            try await Bench.with("--events", "100", "--days", "3") { bench in
                try await bench.syncWell()
                try await bench.simulator.setFaults("401:1")
                let refused = try await bench.check()
                #expect(refused.exitCode == 77, "\(refused.everything)")
                #expect(
                    refused.text.contains("FAIL  API ") && refused.text.contains("ok    file system"), "\(refused.text)"
                )
                try await bench.simulator.setFaults("503:1")
                #expect(try await bench.check().exitCode == 69)
                try await bench.simulator.setFaults("429:1")
                let limited = try await bench.checkReport()
                #expect(limited.outcome == "warnings" && limited.lines("API").first?.result == "WARN", "\(limited)")
                try await bench.simulator.setFaults()
                let wrong = try await bench.check("--page-size", "none", "--lookback", "x")
                #expect(wrong.exitCode == 78, "\(wrong.everything)")
                #expect(wrong.text.contains("FAIL  settings      page_size cannot be \"none\" (flag --page-size)"))
                #expect(
                    wrong.text.contains("FAIL  settings      lookback cannot be \"x\"")
                        && wrong.text.contains("ok    file system"))
                let damaged = try await bench.bash("sed -i 's/\"generation\": 2/\"generation\": 3/' manifest.json")
                #expect(damaged.exitCode == 0)
                let report = try await bench.check()
                #expect(report.exitCode == 65 && report.text.contains("FAIL  archive "), "\(report.everything)")
            }
        }

        @Test func anotherOrganizationsArchive() async throws {
            try await Bench.with("--events", "100", "--days", "2") { bench in
                try await bench.syncWell()
                try await Bench.with("--events", "100", "--days", "2", "--organization-id", "org_2") { other in
                    let outcome = try await other.check(archive: bench.archive)
                    #expect(outcome.exitCode == 65, "\(outcome.everything)")
                    #expect(outcome.text.contains("FAIL  organization") && outcome.text.contains("org_2"))
                }
            }
        }

        @Test func aLockThatIsHeldIsAWarning() async throws {
            try await Bench.with("--events", "100", "--days", "2") { bench in
                try await bench.syncWell()
                let lock = "\(bench.archive)/.captivateiq-export/lock"
                let command = ["flock", lock] + bench.checkCommand(["--json"])
                let outcome = try await bench.runner.run(command)
                #expect(outcome.exitCode == 0, "\(outcome.everything)")
                let report = try outcome.checkReport()
                #expect(report.outcome == "warnings" && report.lines("lock").first?.result == "WARN", "\(report)")
                #expect(report.lines("lock").first?.detail.contains("in use") == true)
            }
        }

        @Test func placesWhereNoArchiveCanBe() async throws {
            try await Bench.with("--events", "10", "--days", "2") { bench in
                let link = "\(bench.directory)/link"
                try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/nowhere")
                for place in ["/etc/hostname", link] {
                    let outcome = try await bench.check(archive: place)
                    #expect(outcome.exitCode == 66, "\(place): \(outcome.everything)")
                    #expect(outcome.text.contains("FAIL  archive"), "\(place): \(outcome.everything)")
                }
                let nowhere = try await bench.check(archive: "/proc/captivateiq/archive")
                #expect([73, 74].contains(nowhere.exitCode) && nowhere.text.contains("FAIL  "), "\(nowhere.everything)")
                let full = try await bench.runner.run(
                    ["unshare", "-m", "bash", "-c", "mount -t tmpfs -o size=512k t /mnt; exec \"$@\"", "bash"]
                        + bench.checkCommand([], archive: "/mnt/archive"))
                #expect(full.exitCode == 74 && full.text.contains("FAIL  free space"), "\(full.everything)")
            }
        }

        /// What a sync would say before it changes anything, and with its code.
        @Test func whatASyncWouldRefuse() async throws {
            try await Bench.with("--events", "10", "--days", "2") { bench in
                let other = "\(bench.directory)/other"
                try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
                try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(other)/notes.txt"))
                let data = "\(bench.directory)/data/audit_logs/date=2024-01-01"
                try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
                let cases: [(place: String, flags: [String], code: Int32, words: String)] = [
                    (bench.archive, ["--no-create"], 66, "`create` is off"),
                    (other, [], 66, "holds something else (notes.txt)"),
                    (other, ["--no-create"], 66, "holds something else (notes.txt)"),
                    ("\(bench.directory)/data", [], 65, "data files but no manifest")
                ]
                for (place, flags, code, words) in cases {
                    let start = ["--backfill-start-time", Bench.backfillStart] + flags
                    let report = try await bench.runner.run(bench.checkCommand(start, archive: place))
                    #expect(report.exitCode == code, "\(place): \(report.everything)")
                    let line = report.text.split(separator: "\n").first { $0.hasPrefix("FAIL  archive  ") }
                    #expect(line?.contains(words) == true, "\(place): \(report.text)")
                    // Nothing would be fetched.
                    #expect(!report.text.contains("next sync"), "\(report.text)")
                    let sync = try await bench.runner.run(bench.syncCommand(flags, archive: place))
                    #expect(sync.exitCode == code && sync.errors.contains(words), "\(place): \(sync.everything)")
                }
                #expect(!FileManager.default.fileExists(atPath: bench.archive))
            }
        }

        /// A path of any bytes is that path: here one that is no UTF-8.
        @Test func aPathIsItsBytes() async throws {
            try await Bench.with("--events", "10", "--days", "2") { bench in
                let script = """
                    archive=$'\(bench.directory)/\\xff' && "${@//ARCHIVE/$archive}" && test ! -e "$archive" &&
                        mkdir "$archive" && echo mine >"$archive/notes.txt" && ! "${@//ARCHIVE/$archive}" && ls -b
                    """
                let outcome = try await bench.runner.run(
                    ["bash", "-c", script, "bash"]
                        + bench.checkCommand(["--backfill-start-time", Bench.backfillStart], archive: "ARCHIVE"))
                #expect(outcome.exitCode == 0, "\(outcome.everything)")
                #expect(outcome.text.contains("holds something else"), "\(outcome.everything)")
                #expect(outcome.text.contains("\n\\377\n"), "\(outcome.everything)")
            }
        }

        @Test func aTokenThatOthersMayRead() async throws {
            try await Bench.with("--events", "10", "--days", "2") { bench in
                try Bench.token.write(toFile: "\(bench.directory)/token", atomically: false, encoding: .utf8)
                let command = bench.checkCommand(["--api-token-file", "token"])
                let open = try await bench.runner.run(command)
                #expect(open.exitCode == 0, "\(open.everything)")
                #expect(
                    open.text.contains("ok    token         from file token (flag --api-token-file)"), "\(open.text)")
                #expect(open.text.contains("WARN  token") && open.text.contains("chmod 600 token"), "\(open.text)")
                #expect(
                    open.text.contains("WARN  next sync") && open.text.contains("backfill_start_time"), "\(open.text)")
                let missing = try await bench.runner.run(
                    bench.checkCommand(["--api-token-file", "secret-5f1c-as-a-path"]))
                #expect(missing.exitCode == 78 && !missing.everything.contains("5f1c"), "\(missing.everything)")
            }
        }

        /// With `quiet`, cron hears of what a person has to know alone.
        @Test func quiet() async throws {
            try await Bench.with("--events", "10", "--days", "2") { bench in
                let start = ["--backfill-start-time", Bench.backfillStart, "--quiet"]
                let good = try await bench.runner.run(bench.checkCommand(start))
                #expect(good.everything == "exit 0\n", "\(good.everything)")
                let warned = try await bench.runner.run(bench.checkCommand(["--quiet"]))
                #expect(warned.exitCode == 0 && warned.output.isEmpty && warned.errors.contains("backfill_start_time"))
            }
        }
    }
}

extension Bench {
    fileprivate func checkCommand(_ flags: [String], archive: String? = nil) -> [String] {
        [
            Places.exporter, "check", "--archive", archive ?? self.archive, "--base-url", simulator.address,
            "--requests-per-second", "1000", "--requests-per-hour", "1000000"
        ] + flags
    }

    fileprivate func check(_ flags: String..., archive: String? = nil) async throws -> RunningProgram.Outcome {
        try await runner.run(checkCommand(flags, archive: archive))
    }

    fileprivate func checkReport() async throws -> EndToEnd.CheckTests.Report {
        try await runner.run(checkCommand(["--json"])).checkReport()
    }

    /// Every file of the archive, the private ones too, with its checksum.
    fileprivate func everything() async throws -> String {
        let outcome = try await bash(
            "find . -printf '%p %y %s %m\\n' | sort; find . -type f -print0 | sort -z | xargs -0 sha256sum")
        try #require(outcome.exitCode == 0, "\(outcome.everything)")
        return outcome.text
    }
}

extension RunningProgram.Outcome {
    fileprivate func checkReport() throws -> EndToEnd.CheckTests.Report {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(EndToEnd.CheckTests.Report.self, from: Data(output))
    }
}
