import CaptivateIQSimulator
import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite struct TokenTests {
        static let token = "ciq-e2e-9b1f40aa-77c3-4d5e"

        /// The server does what it can to make the program repeat the token: it sends it back in all kinds of answers.
        @Test(arguments: ["text", "json"])
        func appearsNowhere(format: String) async throws {
            for number in 1...5 {
                var configuration = SimulatorConfiguration()
                configuration.token = Self.token
                configuration.population.count = 300
                configuration.faults.answers = Self.answers
                configuration.faults.answers[3] = Self.last(number)
                let server = try await SimulatorServer.start(configuration)
                try await withTemporaryDirectory { directory in
                    let outcome = try await sync(server, format, in: directory)
                    #expect(outcome.exitCode == (number == 1 ? 0 : number == 5 ? 76 : 77), "\(outcome.everything)")
                    #expect(!outcome.everything.contains(Self.token), "\(outcome.everything)")
                    let files = try await CommandRunner(directory: directory).run("grep", "-rcF", Self.token, ".")
                    #expect(files.exitCode == 1, "the token is in a file: \(files.text)")
                }
                await server.stop()
            }
        }

        /// Answers that are tried again.
        private static let answers = [
            1: answer(500, "text/plain", "no: \(token)"), 2: answer(200, "text/html", "<p>Token \(token)</p>")
        ]

        private static func last(_ number: Int) -> SimulatedResponse {
            switch number {
            case 1: answer(503, "application/json", #"{"detail":"\#(token)"}"#)
            case 2: answer(401, "application/json", #"{"detail":"Invalid token \#(token)."}"#)
            case 3: answer(403, "application/json", #"{"detail":"\#(token.map { "\\u00" + hex($0) }.joined())"}"#)
            case 4: answer(403, "text/html", "<h1>Token \(token)</h1>")
            default:
                SimulatedResponse(
                    status: 302, headers: [SimulatedHeader("Location", "https://\(token).example/\(token)")])
            }
        }

        private static func hex(_ character: Character) -> String {
            String(character.asciiValue ?? 0, radix: 16)
        }

        private static func answer(_ status: Int, _ type: String, _ body: String) -> SimulatedResponse {
            SimulatedResponse(status: status, headers: [SimulatedHeader("Content-Type", type)], body: Array(body.utf8))
        }

        private func sync(
            _ server: SimulatorServer, _ format: String, in directory: String
        ) async throws -> RunningProgram.Outcome {
            var environment = Places.environment
            environment["CAPTIVATEIQ_API_TOKEN"] = Self.token
            let program = try CommandRunner(directory: directory, environment: environment).start([
                Places.exporter, "sync", "--archive", "archive", "--base-url", server.address, "--log-level", "trace",
                "--log-format", format, "--backfill-start-time", Bench.backfillStart, "--concurrency", "1"
            ])
            // It has begun, and its command line is there to be read by anybody.
            _ = await program.waitFor("request")
            if let line = FileManager.default.contents(atPath: "/proc/\(program.identifier)/cmdline"), !line.isEmpty {
                let text = String(decoding: line, as: UTF8.self)
                #expect(text.contains("--archive") && !text.contains(Self.token), "\(text)")
            }
            return await program.outcome()
        }
    }
}
