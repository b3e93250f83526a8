import CaptivateIQSimulator
import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// What messages say, case by case as the page Messages has them.
    @Suite struct MessageTests {
        @Test(arguments: ["\"secret-5f1c\"", "'secret-5f1c'", "\u{201C}secret-5f1c\u{201D}"])
        func aTokenInQuotes(token: String) async throws {
            try await withTemporaryDirectory { directory in
                var environment = Places.environment
                environment["CAPTIVATEIQ_API_TOKEN"] = token
                let outcome = try await CommandRunner(directory: directory, environment: environment)
                    .run(Places.exporter, "sync", "--archive", "a")
                #expect(outcome.exitCode == 78 && outcome.errors.contains("quotation marks"), "\(outcome.everything)")
                #expect(!outcome.everything.contains("5f1c"))
            }
        }

        @Test func wrongCredentialsOfAProxy() async throws {
            let refusing = """
                import http.server
                class H(http.server.BaseHTTPRequestHandler):
                    def do_CONNECT(self): self.send_response(407); self.send_header("Content-Length", "0"); self.end_headers()
                s = http.server.HTTPServer(("127.0.0.1", 0), H)
                print("listening on http://127.0.0.1:%d" % s.server_port, flush=True); s.serve_forever()
                """
            try await withTemporaryDirectory { directory in
                var environment = Places.environment
                environment["CAPTIVATEIQ_API_TOKEN"] = Bench.token
                let runner = CommandRunner(directory: directory, environment: environment)
                let proxy = try runner.start(["python3", "-c", refusing])
                let address = try await proxy.address("http://127.0.0.1:")
                for (user, words) in [
                    ("", "the proxy asks for a user name"), ("user:hunter2@", "it refuses the user name")
                ] {
                    let way = "HTTPS_PROXY=" + address.replacing("http://", with: "http://\(user)")
                    let outcome = try await runner.run(
                        "env", way, Places.exporter, "sync", "--archive", "a", "--base-url", "https://api.test")
                    #expect(outcome.exitCode == 69 && outcome.errors.contains(words), "\(outcome.everything)")
                    #expect(outcome.errors.contains("Give them") == user.isEmpty, "\(outcome.everything)")
                    #expect(!outcome.everything.contains("hunter2"))
                }
                proxy.signal(SIGKILL)
            }
        }

        /// Without a rule, the proxy that is nobody's would be named.
        @Test(arguments: [
            ("192.0.2.0/24", "https://192.0.2.7", true), ("*.invalid", "https://api.invalid", true),
            ("192.0.3.0/24", "https://192.0.2.7", false), ("*.api.invalid", "https://api.invalid", false)
        ])
        func addressesAndHostsWithoutProxy(rule: String, address: String, isDirect: Bool) async throws {
            try await withTemporaryDirectory { directory in
                var environment = Places.environment
                environment["CAPTIVATEIQ_API_TOKEN"] = Bench.token
                environment["HTTPS_PROXY"] = "http://127.0.0.1:1"
                environment["NO_PROXY"] = rule
                let outcome = try await CommandRunner(directory: directory, environment: environment).run(
                    Places.exporter, "sync", "--archive", "a", "--base-url", address, "--max-duration", "1s",
                    "--connect-timeout", "200ms")
                #expect(outcome.errors.contains("by the proxy 127.0.0.1:1") != isDirect, "\(outcome.everything)")
            }
        }

        @Test func notModifiedIsNoRedirect() async throws {
            try await Self.withAnswer(SimulatedResponse(status: 304, headers: [])) { outcome, requests in
                #expect(outcome.exitCode == 76 && requests == 1, "\(outcome.everything)")
                #expect(outcome.errors.contains("304 (not modified)") && !outcome.errors.contains("redirect"))
                #expect(outcome.errors.contains("cache"))
            }
        }

        @Test func aPauseThatA503AsksForIsMade() async throws {
            let wait = SimulatedHeader("Retry-After", "2")
            let start = ContinuousClock.now
            try await Self.withAnswer(SimulatedResponse(status: 503, headers: [wait])) { outcome, requests in
                #expect(outcome.exitCode == 0 && requests > 1, "\(outcome.everything)")
                #expect(outcome.errors.contains("asks to wait for 2.0 s") && outcome.errors.contains("wait=\"2.0 s\""))
                #expect(ContinuousClock.now - start >= .seconds(2))
            }
        }

        @Test func theTokensSourceIsNamedWhereItIsRefused() async throws {
            try await Self.withAnswer(SimulatedResponse(status: 401, headers: [])) { outcome, _ in
                #expect(outcome.exitCode == 77, "\(outcome.everything)")
                #expect(
                    outcome.errors.contains("The token came from environment variable CAPTIVATEIQ_API_TOKEN."),
                    "\(outcome.everything)")
            }
        }

        @Test(arguments: ["{\"archive\": \"a\",}", "{\"archive\": \"\u{1}\"}", "{", "[1]", "archive: [}"])
        func noTypeNamesInMessages(text: String) async throws {
            try await withTemporaryDirectory { directory in
                try text.write(toFile: "\(directory)/c.conf", atomically: false, encoding: .utf8)
                let outcome = try await CommandRunner(directory: directory, environment: Places.environment)
                    .run(Places.exporter, "status", "--config", "c.conf")
                #expect(outcome.exitCode == 78, "\(outcome.everything)")
                // A word with a capital letter inside it is a name of the program's own.
                #expect(outcome.errors.firstMatch(of: /\b[a-z]+[A-Z][A-Za-z]*\b/) == nil, "\(outcome.errors)")
            }
        }

        /// Root passes over rights, but not one that is nobody in a name space of its own.
        @Test(arguments: ["verify", "status"])
        func aReaderWithoutRightsIsNotToldAboutWriting(command: String) async throws {
            try await Bench.with("--events", "30", "--days", "3") { bench in
                try await bench.syncWell()
                _ = try await bench.bash("chmod 0000 manifest.json")
                let outcome = try await bench.runner.run(
                    "unshare", "--user", Places.exporter, command, "--archive", bench.archive)
                #expect(outcome.exitCode == 73, "\(outcome.everything)")
                #expect(outcome.errors.contains("(\(bench.archive)/manifest.json)"), "\(outcome.everything)")
                #expect(outcome.errors.contains("may not open it") && !outcome.errors.contains("writ"))
                #expect(!outcome.errors.contains("sync"))
            }
        }

        /// Runs a sync against a server whose first answer is this one.
        private static func withAnswer(
            _ answer: SimulatedResponse, body: (RunningProgram.Outcome, Int) -> Void
        ) async throws {
            var configuration = SimulatorConfiguration()
            configuration.population.count = 20
            configuration.faults.answers[1] = answer
            let server = try await SimulatorServer.start(configuration)
            try await withTemporaryDirectory { directory in
                var environment = Places.environment
                environment["CAPTIVATEIQ_API_TOKEN"] = configuration.token
                let outcome = try await CommandRunner(directory: directory, environment: environment).run(
                    Places.exporter, "sync", "--archive", "archive", "--base-url", server.address,
                    "--backfill-start-time", Bench.backfillStart)
                body(outcome, server.core.statistics.requests)
            }
            await server.stop()
        }
    }
}
