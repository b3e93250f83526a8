import Foundation
import TestSupport
import Testing

/// An archive and a listing with one oddity, which `vendor_server.py` knows by name.
struct VendorBench {
    let directory: String
    let address: String
    let runner: CommandRunner

    /// Runs `body` with a server of that oddity, and ends it afterwards.
    static func with(_ oddity: String, body: (VendorBench) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            var environment = Places.environment
            environment["CAPTIVATEIQ_API_TOKEN"] = Bench.token
            let runner = CommandRunner(directory: directory, environment: environment)
            let server = try runner.start(["python3", "-B", Places.vendorServer, oddity])
            do {
                let address = try await server.address("http://127.0.0.1:")
                try await body(VendorBench(directory: directory, address: address, runner: runner))
            } catch {
                server.signal(SIGKILL)
                throw error
            }
            server.signal(SIGKILL)
            _ = await server.outcome()
        }
    }

    /// Runs a sync and says what it did and how many requests the server got.
    func sync(_ flags: String...) async throws -> (outcome: RunningProgram.Outcome, requests: Int) {
        let before = try await requests()
        let start = "\(Date(timeIntervalSinceNow: -20 * 86_400).ISO8601Format().prefix(10))"
        let outcome = try await runner.run(
            [
                Places.exporter, "sync", "--archive", "archive", "--base-url", address, "--backfill-start-time", start,
                "--requests-per-second", "500", "--requests-per-hour", "100000"
            ] + flags)
        return (outcome, try await requests() - before)
    }

    /// Runs `reconcile --json`.
    func reconcile(_ flags: String...) async throws -> RunningProgram.Outcome {
        try await runner.run(
            [Places.exporter, "reconcile", "--json", "--archive", "archive", "--base-url", address] + flags)
    }

    /// Lets the oddity begin.
    func switchOver() async throws { _ = try await get("/_switch") }

    /// Expects a sound archive of so many events, each once, and so many records kept aside.
    func expectArchived(
        _ count: Int, quarantined: Int = 0, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let found = try await runner.run("python3", "-B", Places.checker, "archive")
        try #require(found.exitCode == 0, "\(found.everything)", sourceLocation: sourceLocation)
        #expect(found.text.contains("\"records\": \(count),"), "\(found.text)", sourceLocation: sourceLocation)
        #expect(
            found.text.contains("\"quarantined\": \(quarantined),"), "\(found.text)", sourceLocation: sourceLocation)
        let verification = try await runner.run(Places.exporter, "verify", "--archive", "archive")
        #expect(verification.exitCode == 0, "\(verification.everything)", sourceLocation: sourceLocation)
    }

    /// Runs a script of bash in the archive's folder.
    func bash(_ script: String) async throws -> String {
        let outcome = try await CommandRunner(directory: "\(directory)/archive", environment: Places.environment)
            .run("bash", "-euo", "pipefail", "-c", script)
        try #require(outcome.exitCode == 0, "\(outcome.everything)")
        return outcome.text
    }

    private func requests() async throws -> Int { try #require(Int(try await get("/_requests"))) }

    private func get(_ path: String) async throws -> String {
        let outcome = try await runner.run("curl", "-fsS", "--noproxy", "*", "--max-time", "60", address + path)
        try #require(outcome.exitCode == 0, "\(outcome.everything)")
        return outcome.text
    }
}
