import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// What Prometheus and a watchdog are told of syncs.
    @Suite("Figures and pings")
    struct MonitoringTests {
        /// A request that the watchdog got.
        private struct Told: Decodable {
            var method: String
            var path: String
            var body: String
        }

        /// What the watchdog is told with its address, which is a secret.
        private static let secret = "5ec2e7-ping"

        @Test func figuresAreWrittenOnEveryWayOut() async throws {
            try Places.requirePython()
            try await Bench.with("--events", "60", "--days", "3") { bench in
                let file = "\(bench.directory)/captivateiq.prom"
                let flags = ["--metrics-file", file]
                #expect(try await bench.runner.run(bench.syncCommand(flags)).exitCode == 0)
                let first = try await read(file, bench)
                #expect(first["exit_code"] == 0 && first["events_total"] == 60 && first["quarantined_total"] == 0)
                let requests = try #require(first["requests_total"])
                #expect(requests >= 1 && first["info"] == 1)
                let success = try #require(first["last_success_timestamp_seconds"])
                #expect(abs(success - Date().timeIntervalSince1970) < 3_600)
                #expect(try #require(first["last_event_timestamp_seconds"]) > 1_700_000_000)
                try await bench.simulator.arrive(5)
                #expect(try await bench.runner.run(bench.syncCommand(flags)).exitCode == 0)
                try await bench.simulator.setFaults("401:1")
                #expect(try await bench.runner.run(bench.syncCommand(flags)).exitCode == 77)
                let failed = try await read(file, bench)
                #expect(failed["exit_code"] == 77 && failed["events_total"] == 65)
                #expect(try #require(failed["requests_total"]) > requests)
                #expect(try #require(failed["last_success_timestamp_seconds"]) >= success)
                let before = try String(contentsOfFile: file, encoding: .utf8)
                let held = ["flock", "\(bench.archive)/.captivateiq-export/lock"]
                #expect(try await bench.runner.run(held + bench.syncCommand(flags)).exitCode == 75)
                #expect(try String(contentsOfFile: file, encoding: .utf8) == before)
                let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
                #expect(mode == 0o644)
                #expect(try await bench.verify().exitCode == 0)
            }
        }

        @Test func figuresThatCannotBeWrittenAreAWarning() async throws {
            try await Bench.with("--events", "20", "--days", "2") { bench in
                let outcome = try await bench.sync("--metrics-file", "\(bench.directory)/nowhere/x.prom")
                #expect(outcome.exitCode == 0, "\(outcome.everything)")
                #expect(outcome.errors.contains("metrics_file") && outcome.errors.contains("nowhere"))
                #expect(outcome.text.contains("metrics_file"), "\(outcome.text)")
            }
        }

        /// The figures by their names without the prefix, as prometheus_client reads them.
        private func read(_ file: String, _ bench: Bench) async throws -> [String: Double] {
            let script = """
                import json, sys
                from prometheus_client.parser import text_string_to_metric_families as families
                found = {}
                for family in families(open(sys.argv[1]).read()):
                    for sample in family.samples:
                        assert sample.labels["archive"] == sys.argv[2] and sample.labels["organization"], sample
                        assert family.type == ("counter" if sample.name.endswith("_total") else "gauge"), family
                        found[sample.name.removeprefix("captivateiq_export_")] = sample.value
                print(json.dumps({name: value for name, value in found.items() if value == value}))
                """
            let outcome = try await bench.runner.run(Places.python, "-c", script, file, bench.archive)
            try #require(outcome.exitCode == 0, "\(outcome.everything)")
            return try JSONDecoder().decode([String: Double].self, from: Data(outcome.output))
        }

        @Test func aWatchdogIsToldOfTheBeginningAndTheEnd() async throws {
            try await Bench.with("--events", "40", "--days", "2") { bench in
                try await withWatchdog(bench) { address, told in
                    let flags = ["--ping-url", "\(address)/\(Self.secret)"]
                    let good = try await bench.runner.run(bench.syncCommand(flags))
                    #expect(good.exitCode == 0 && !good.everything.contains(Self.secret), "\(good.everything)")
                    var requests = try told()
                    #expect(requests.map(\.path) == ["/\(Self.secret)/start", "/\(Self.secret)/0"])
                    #expect(requests.last?.method == "POST" && requests.last?.body == good.text)
                    try await bench.simulator.setFaults("401:1")
                    let bad = try await bench.runner.run(bench.syncCommand(flags))
                    #expect(bad.exitCode == 77)
                    requests = try told()
                    #expect(requests.suffix(2).map(\.path) == ["/\(Self.secret)/start", "/\(Self.secret)/77"])
                    #expect(requests.last?.body.contains(#""kind": "unauthorized""#) == true)
                    // Without the lock nothing is asked for; a stop that is silent counts as well.
                    let held = ["flock", "\(bench.archive)/.captivateiq-export/lock"]
                    #expect(try await bench.runner.run(held + bench.syncCommand(flags)).exitCode == 75)
                    #expect(try told().count == requests.count)
                    try await bench.simulator.setFaults("timeout:1")
                    let stopped = ["--max-duration", "300ms"] + flags
                    #expect(try await bench.runner.run(bench.syncCommand(stopped)).exitCode == 75)
                    #expect(try told().last?.path == "/\(Self.secret)/75")
                    let silent = try await bench.runner.run(bench.syncCommand(stopped + ["--quiet"]))
                    #expect(
                        silent.exitCode == 75 && silent.errors.isEmpty && silent.output.isEmpty, "\(silent.everything)")
                    #expect(try told().last?.path == "/\(Self.secret)/0")
                }
            }
        }

        @Test(arguments: ["refuse", "hang", "gone"])
        func aWatchdogThatDoesNotListenIsAWarning(mode: String) async throws {
            try await Bench.with("--events", "20", "--days", "2") { bench in
                try await withWatchdog(bench, mode) { address, told in
                    let target = mode == "gone" ? "http://127.0.0.1:1" : address
                    let outcome = try await bench.sync("--ping-url", "\(target)/\(Self.secret)")
                    #expect(outcome.exitCode == 0, "\(outcome.everything)")
                    #expect(
                        outcome.errors.contains("ping_url (http://127.0.0.1/…) could not be told of /start"),
                        "\(outcome.errors)")
                    #expect(outcome.errors.contains("could not be told of /0"), "\(outcome.errors)")
                    #expect(!outcome.everything.contains(Self.secret))
                }
            }
        }

        private func withWatchdog(
            _ bench: Bench, _ mode: String = "answer", body: (String, () throws -> [Told]) async throws -> Void
        ) async throws {
            let log = "\(bench.directory)/told.ndjson"
            let server = try bench.runner.start(["python3", "-B", Places.pingServer, log, mode])
            do {
                try await body(try await server.address("http://127.0.0.1:")) {
                    let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
                    return try text.split(separator: "\n").map {
                        try JSONDecoder().decode(Told.self, from: Data($0.utf8))
                    }
                }
            } catch {
                server.signal(SIGKILL)
                throw error
            }
            server.signal(SIGKILL)
            _ = await server.outcome()
        }
    }
}
