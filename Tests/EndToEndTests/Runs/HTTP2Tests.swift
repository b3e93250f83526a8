import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// The way to the API is HTTP/2 over TLS, here by hypercorn, and often a company's proxy.
    @Suite struct HTTP2Tests {
        @Test func allEventsOnceOverHTTP2() async throws {
            try await Self.withFront { bench, front, address in
                let result = try await Self.sync(bench, address)
                #expect(result.events == 6_000 && result.retries == 0)
                try await bench.expectWhole()
                let requests = await Self.stop(front)
                #expect(requests.count == result.requests && requests.allSatisfy { $0.hasPrefix("HTTP/2 /ciq/") })
            }
        }

        /// What was asked on a connection that ends is asked again on the next.
        @Test func aServerThatSaysGoodbye() async throws {
            try await Self.withFront("3") { bench, front, address in
                let result = try await Self.sync(bench, address)
                #expect(result.events == 6_000 && result.retries > 0)
                try await bench.expectWhole()
                let requests = await Self.stop(front)
                #expect(requests.count > 3 && requests.allSatisfy { $0.hasPrefix("HTTP/2 ") })
            }
        }

        /// A proxy is asked for a tunnel, in which it sees nothing.
        @Test func throughTheTunnelOfAProxy() async throws {
            try await Self.withFront { bench, front, address in
                let proxy = try bench.runner.start(["python3", "-B", Places.tunnelProxy])
                let way = "HTTPS_PROXY=\(try await proxy.address("http://127.0.0.1:"))"
                // Loopback is never asked for by way of a proxy.
                let remote = address.replacing("localhost", with: "api.test")
                let outcome = try await bench.runner.run(["env", way] + bench.syncCommand(Self.flags(bench, remote)))
                proxy.signal(SIGKILL)
                let seen = await proxy.outcome().everything
                try #require(outcome.exitCode == 0, "\(outcome.everything)")
                let result = try outcome.syncResult()
                #expect(result.events == 6_000 && result.retries == 0)
                try await bench.expectWhole()
                let requests = await Self.stop(front)
                #expect(requests.count == result.requests && requests.allSatisfy { $0.hasPrefix("HTTP/2 ") })
                let place = remote.dropFirst("https://".count)
                #expect(seen.contains("CONNECT \(place) HTTP/1.1"), "\(seen)")
                #expect(!seen.contains(Bench.token) && !seen.contains("audit-logs"), "\(seen)")
            }
        }

        /// Runs `body` with a simulator behind a server that talks HTTP/2, whose certificate is in `certificate.pem`.
        private static func withFront(
            _ flags: String..., body: (Bench, RunningProgram, String) async throws -> Void
        ) async throws {
            try Places.requirePython()
            try await Bench.with("--events", "6000", "--days", "10") { bench in
                let files = [("certificate", TestCertificate.certificate), ("key", TestCertificate.key)].map {
                    (path: "\(bench.directory)/\($0).pem", text: $1)
                }
                for file in files { try file.text.write(toFile: file.path, atomically: false, encoding: .utf8) }
                let front = try bench.runner.start(
                    [Places.python, "-B", Places.http2Front, bench.simulator.address] + files.map(\.path) + flags)
                let address = try await front.address("https://localhost:")
                do {
                    try await body(bench, front, address)
                } catch {
                    front.signal(SIGKILL)
                    throw error
                }
            }
        }

        private static func flags(_ bench: Bench, _ address: String) -> [String] {
            ["--base-url", address, "--ca-file", "\(bench.directory)/certificate.pem"]
        }

        private static func sync(_ bench: Bench, _ address: String) async throws -> SyncResult {
            let outcome = try await bench.runner.run(bench.syncCommand(flags(bench, address)))
            try #require(outcome.exitCode == 0, "\(outcome.everything)")
            return try outcome.syncResult()
        }

        /// The requests that the front has had, protocol and path.
        private static func stop(_ front: RunningProgram) async -> [Substring] {
            front.signal(SIGKILL)
            return await front.outcome().text.split(separator: "\n").filter { $0.hasPrefix("HTTP/") }
        }
    }
}
