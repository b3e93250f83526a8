import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// What `show` says beside what jq finds in the same files.
    @Suite struct ShowTests {
        @Test func findsWhatOthersFind() async throws {
            try await Bench.with("--events", "4000", "--days", "12", "--seed", "5") { bench in
                try await bench.syncWell()
                try await bench.simulator.arrive(200, ties: 4, lateHours: 20)
                try await bench.syncWell()
                let day = try await bench.bash("ls audit_logs | sed -n 's/date=//p' | sed -n 5p").text.dropLast()
                let filters: [([String], String)] = [
                    ([], "true"), (["--user", "jane admin"], #".user_name == "Jane Admin""#),
                    (["--user", "Zoë Müller"], #".user_id == "user_004" or .user_id == "user_005""#),
                    (["--by", "USER_009"], #".logged_in_user_id == "user_009""#),
                    (["--object", #"Rate "A" Table"#], #".object_name == "Rate \"A\" Table""#),
                    (
                        ["--object", "売上ダッシュボード", "--type", "export"],
                        #".object_name == "売上ダッシュボード" and .event_type == "export""#
                    ),
                    (["--ip", "203.0.113.7"], #".ip_address == "203.0.113.7""#),
                    (["--impersonated"], ".user_id != .logged_in_user_id"),
                    (["--from", "\(day)", "--to", "\(day)"], #"(input_filename | contains("date=\#(day)/"))"#),
                    // Not `contains`, for which a text ends at its first NUL.
                    (["--text", "DISPUTE"], #"[.. | strings | test("dispute"; "i")] | any"#),
                    (["--text", "nowhere to be found"], "false")
                ]
                for (flags, condition) in filters {
                    let found = try await show(bench, ["--ndjson"] + flags)
                    let expected = try await bench.bash(
                        """
                        for file in audit_logs/*/*.gz; do mkdir -p ../x/"${file%/*}"; zcat "$file" >../x/"$file"; done
                        find ../x -name '*.gz' -print0 | xargs -0 jq -r 'select(\(condition)) | .id' | sort
                        """)
                    try #require(expected.exitCode == 0, "\(expected.everything)")
                    let ids = found.text.split(separator: "\n").map { $0.dropFirst(7).prefix { $0 != "\"" } }.sorted()
                    #expect(ids == expected.text.split(separator: "\n"), "\(flags)")
                    #expect(found.exitCode == (ids.isEmpty ? 1 : 0), "\(flags)")
                }
                #expect(try await show(bench, ["--ndjson"]).text.split(separator: "\n").count == 4200)
            }
        }

        @Test func feedsEachEventOnce() async throws {
            try await Bench.with("--events", "500", "--days", "4") { bench in
                try await bench.syncWell()
                var (generation, ids) = ("0", [String]())
                for round in 0..<4 {
                    let outcome = try await show(
                        bench, ["--ndjson", "--log-format", "json", "--since-generation", generation])
                    #expect(outcome.exitCode == 0, "\(outcome.everything)")
                    ids += outcome.text.split(separator: "\n").map(String.init)
                    let mark = try #require(outcome.errors.firstMatch(of: /"generation": (\d+)/))
                    #expect(try #require(Int(mark.1)) > (try #require(Int(generation))), "round \(round)")
                    generation = String(mark.1)
                    try await bench.simulator.arrive(30, ties: 3, lateHours: 20)
                    try await bench.syncWell()
                }
                #expect(ids.count == 590 && Set(ids).count == 590)
            }
        }

        /// A copy that may only be read, without the private folder.
        @Test func worksOnACopyAndSaysWhatIsKnown() async throws {
            try await Bench.with("--events", "300", "--days", "9") { bench in
                try await bench.syncWell()
                _ = try await bench.bash(
                    "rsync -a --exclude .captivateiq-export ./ ../copy/ && chmod -R a-w ../copy")
                let copy = "\(bench.directory)/copy"
                let all = try await show(bench, ["--json"], archive: copy)
                let object = try #require(
                    try JSONSerialization.jsonObject(with: Data(all.output)) as? [String: Any], "\(all.everything)")
                #expect(Set(object.keys) == ["events", "count", "complete", "note"])
                #expect(object["count"] as? Int == 300 && (object["events"] as? [Any])?.count == 300)
                #expect(object["complete"] as? Bool == false)
                let date = try await bench.bash("ls audit_logs | sed -n 's/date=//p' | sed -n 4p").text.dropLast()
                let day = try await show(bench, ["--from", "\(date)", "--to", "\(date)"], archive: copy)
                #expect(day.text.contains("The day is closed"), "\(day.everything)")
                _ = try await bench.bash("chmod -R u+w ../copy")
            }
        }

        @Test func respectsTheLocale() async throws {
            try await Bench.with("--events", "300", "--days", "2") { bench in
                try await bench.syncWell()
                for (locale, isASCII) in [("C", true), ("en_US.ISO-8859-1", true), ("C.UTF-8", false)] {
                    var environment = Places.environment
                    environment["LC_ALL"] = locale
                    let runner = CommandRunner(directory: bench.directory, environment: environment)
                    let outcome = try await runner.run(Places.exporter, "show", "--archive", bench.archive)
                    #expect(outcome.output.allSatisfy { $0 < 0x80 } == isASCII, "\(locale)")
                }
            }
        }

        private func show(
            _ bench: Bench, _ flags: [String], archive: String? = nil
        ) async throws -> RunningProgram.Outcome {
            try await bench.runner.run([Places.exporter, "show", "--archive", archive ?? bench.archive] + flags)
        }
    }
}
