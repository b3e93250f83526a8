import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Statements of the real program, checked by a stranger: by the commands that they print, and by jq.
    @Suite struct AttestTests {
        /// Runs the commands that a statement prints, from its text, as they stand there.
        private static func expectChecked(_ bench: Bench, _ folder: String, noticesChanges: Bool = false) async throws {
            let runner = CommandRunner(directory: "\(bench.directory)/\(folder)", environment: Places.environment)
            let outcome = try await runner.run(
                "sh", "-c",
                #"sed -n 's/^    \$ //p' statement.txt >../commands; [ $(wc -l <../commands) -gt 12 ]; mkdir ../work; TMPDIR=../work sh -e ../commands && rmdir ../work"#
            )
            #expect(outcome.exitCode == 0, "\(folder): \(outcome.everything)")
            guard noticesChanges else { return }
            // Each of them notices what it is about.
            for (change, command) in [
                ("printf x >>statement.txt", "SHA256SUMS"),
                ("gzip -cd population.ndjson.gz | tail -n +2 | gzip -n >x; mv x population.ndjson.gz", "wc -l"),
                ("sed -i 's/\"sha256\": \"./\"sha256\": \"x/' statement.json", "sha256sum --check")
            ] {
                let changed = try await runner.run(
                    "sh", "-c",
                    "rm -rf ../forged; cp -r . ../forged; cd ../forged; \(change); grep -F -e ARCHIVE= -e '\(command)' ../commands | sh -e"
                )
                #expect(changed.exitCode != 0, "\(change)")
            }
            // An archive whose log is not the one that was signed.
            let changed = try await runner.run(
                "sh", "-c",
                "rm -rf ../copied; cp -r '\(bench.archive)' ../copied; "
                    + #"sed -i 's/"records":\([0-9]\)/"records":9\1/' $(ls ../copied/evidence/log/*.ndjson | head -n 1); "#
                    + "sed 's|^ARCHIVE=.*|ARCHIVE=../copied|' ../commands | sh -e")
            #expect(changed.exitCode != 0, "a forged log")
        }

        private static func attest(
            _ bench: Bench, _ from: String, _ to: String, _ output: String, _ flags: String...
        ) async throws -> RunningProgram.Outcome {
            try await bench.runner.run(
                [
                    Places.exporter, "attest", "--archive", bench.archive, "--from", from, "--to", to, "--output",
                    output,
                    "--base-url", bench.simulator.address, "--requests-per-second", "1000", "--requests-per-hour",
                    "100000"
                ] + flags)
        }

        private static func jq(_ bench: Bench, _ folder: String, _ filter: String) async throws -> String {
            let outcome = try await bench.runner.run("jq", "-c", filter, "\(folder)/statement.json")
            try #require(outcome.exitCode == 0, "\(outcome.everything)")
            return outcome.text.trimmingCharacters(in: .whitespacesAndNewlines)
        }

        private static func day(_ before: Int) -> String {
            "\(Date(timeIntervalSinceNow: -86_400 * Double(before)).ISO8601Format().prefix(10))"
        }

        @Test func aStrangerChecksIt() async throws {
            try await Bench.with("--events", "900", "--days", "9", "--odd", "no-id:0.02") { bench in
                func run(_ command: [String]) async throws {
                    let outcome = try await bench.runner.run(
                        [Places.exporter] + command + ["--archive", bench.archive, "--signing-key-file", "key.pem"])
                    try #require(outcome.exitCode == 0, "\(command): \(outcome.everything)")
                }
                let api = [
                    "--base-url", bench.simulator.address, "--requests-per-second", "1000", "--requests-per-hour",
                    "100000"
                ]
                _ = try await bench.runner.run(Places.exporter, "evidence", "keygen", "--output", "key.pem")
                try await bench.syncWell("--signing-key-file", "key.pem")
                let (first, last) = (Self.day(6), Self.day(3))
                let before = try await bench.snapshot()
                let sound = try await Self.attest(bench, first, last, "sound")
                #expect(sound.exitCode == 0 && sound.text.contains(", complete, "), "\(sound.everything)")
                #expect(try await bench.snapshot() == before)
                try await Self.expectChecked(bench, "sound", noticesChanges: true)
                #expect(
                    try await Self.jq(bench, "sound", "[.completeness.days[].compared.source] | unique")
                        == #"["asked"]"#)
                #expect(
                    try await Self.jq(bench, "sound", "[.proven, .exceptions.quarantined[0].reason]")
                        == #"[true,"no string id"]"#)

                // Everything that can happen to events.
                try await bench.simulator.post("edit?count=200")
                try await bench.simulator.post("move?count=60&hours=1")
                let ids = try await bench.bash("zcat audit_logs/date=\(Self.day(5))/*.gz | jq -r .id | sed -n '2p;9p'")
                    .text
                    .split(separator: "\n").map(String.init)
                try await bench.simulator.post("remove?id=\(ids[0])")
                try await run(
                    ["reconcile", "--repair", "--accept-gone", "--from", Self.day(5), "--to", Self.day(4)] + api)
                try await run(["evidence", "erase", "--id", ids[1], "--reason", "asked for"])
                try await run([
                    "evidence", "hold", "--name", "case 12", "--from", first, "--to", first, "--reason", "counsel"
                ])
                try await run(["prune", "--keep", "7d"])
                try await run(["compact"])
                try await run(["evidence", "sign"])
                try await run(["evidence", "anchor"])
                let eventful = try await Self.attest(
                    bench, first, last, "eventful", "--public-key", "\(bench.archive)/evidence/key.pub.pem", "--json")
                #expect(
                    eventful.exitCode == 0 && eventful.text.contains(#""conclusion": "complete_but_erased""#),
                    "\(eventful.everything)")
                try await Self.expectChecked(bench, "eventful")
                let found = try await Self.jq(
                    bench, "eventful",
                    ".exceptions | [.changed_by_vendor.events > 9, .moved.events > 0, (.gone_at_vendor | length) > 0, (.quarantined | length),"
                        + " (.erased | length), (.held | length), (.pruned | length)]")
                #expect(found == "[true,true,true,1,1,1,0]")
                // What was erased is in no file of the statement, and what is gone at the vendor is in the population.
                let lines = try await bench.bash(
                    "cd ../eventful; zcat population.ndjson.gz >../lines; cat statement.* ../lines | grep -c '\(ids[1])' || true; grep -c '\(ids[0])' ../lines"
                )
                #expect(lines.text == "0\n1\n", "\(lines.everything)")

                let all = try await Self.attest(bench, Self.day(9), Self.day(0), "all")
                #expect(all.exitCode == 65 && all.errors.contains("not proven complete"), "\(all.everything)")
                let kinds = try await Self.jq(bench, "all", "[.reasons[].kind] | unique")
                #expect(kinds == #"["open","pruned"]"#, "\(all.everything)")
                try await Self.expectChecked(bench, "all")
            }
        }

        /// Without a token the counts are those of earlier comparisons, and a copy that may only be read will do.
        @Test func itIsMadeOfACopyAlone() async throws {
            try await Bench.with("--events", "300", "--days", "9") { bench in
                try await bench.syncWell()
                let compared = try await bench.runner.run(
                    Places.exporter, "reconcile", "--archive", bench.archive, "--base-url", bench.simulator.address)
                try #require(compared.exitCode == 0, "\(compared.everything)")
                let gone = try await Self.attest(
                    bench, Self.day(5), Self.day(4), "none", "--base-url", "http://127.0.0.1:9", "--max-duration", "2s")
                #expect([69, 75].contains(gone.exitCode) && gone.errors.contains("--offline"), "\(gone.everything)")
                #expect(!FileManager.default.fileExists(atPath: "\(bench.directory)/none"))
                _ = try await bench.bash("rsync -a --exclude .captivateiq-export ./ ../copy/ && chmod -R a-w ../copy")
                var environment = Places.environment
                environment["CAPTIVATEIQ_ARCHIVE"] = "copy"
                let runner = CommandRunner(directory: bench.directory, environment: environment)
                let outcome = try await runner.run(
                    Places.exporter, "attest", "--from", Self.day(5), "--to", Self.day(4), "--output", "of-copy")
                #expect(outcome.exitCode == 0, "\(outcome.everything)")
                #expect(try await Self.jq(bench, "of-copy", ".completeness.api") == "\"recorded\"")
                try await Self.expectChecked(bench, "of-copy")
                _ = try await bench.bash("chmod -R u+w ../copy")
            }
        }
    }
}
