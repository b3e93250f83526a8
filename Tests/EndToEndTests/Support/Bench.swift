import Foundation
import TestSupport
import Testing

/// A folder with a simulator, an archive made from it, and ways to run the program on both.
struct Bench {
    static let token = "simulator-token"
    /// Before every simulated event; the population is of a month.
    static let backfillStart = "2024-01-01"

    let directory: String
    let simulator: Simulator
    let runner: CommandRunner

    /// The archive's folder.
    var archive: String { "\(directory)/archive" }

    /// Runs `body` with a simulator started by `flags`, and ends all of it afterwards.
    static func with(_ flags: String..., body: (Bench) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let simulator = try await Simulator.start(flags, in: directory)
            var environment = Places.environment
            environment["CAPTIVATEIQ_API_TOKEN"] = token
            let runner = CommandRunner(directory: directory, environment: environment)
            do {
                try await body(Bench(directory: directory, simulator: simulator, runner: runner))
            } catch {
                await simulator.stop()
                throw error
            }
            await simulator.stop()
        }
    }

    /// The command line of a sync without a limit of requests.
    func syncCommand(_ flags: [String] = [], archive: String? = nil) -> [String] {
        [
            Places.exporter, "sync", "--json", "--archive", archive ?? self.archive, "--base-url", simulator.address,
            "--backfill-start-time", Self.backfillStart, "--requests-per-second", "1000",
            "--requests-per-hour", "1000000"
        ] + flags
    }

    /// Runs a sync and waits for its end.
    func sync(_ flags: String..., archive: String? = nil) async throws -> RunningProgram.Outcome {
        try await runner.run(syncCommand(flags, archive: archive))
    }

    /// Runs a sync that has to succeed.
    @discardableResult
    func syncWell(_ flags: String..., archive: String? = nil) async throws -> SyncResult {
        let outcome = try await runner.run(syncCommand(flags, archive: archive))
        try #require(outcome.exitCode == 0, "\(outcome.everything)")
        return try outcome.syncResult()
    }

    /// Runs `verify`.
    func verify(_ flags: String..., archive: String? = nil) async throws -> RunningProgram.Outcome {
        try await runner.run([Places.exporter, "verify", "--archive", archive ?? self.archive] + flags)
    }

    /// Leaves an archive as one without evidence, which would tell of everything that is then changed by hand.
    static let dropEvidence = #"""
        sed -i '/^  "evidence": /d' manifest.json
        above=$(head -n -2 manifest.json; echo .); printf '%s' "${above%.}" >manifest.json
        sum=$(sha256sum <manifest.json | cut -d' ' -f1)
        printf '  "sha256_above": "%s"\n}\n' "$sum" >>manifest.json
        rm -rf evidence .captivateiq-export/evidence-head.json

        """#

    /// Runs a script of bash in the archive's folder.
    func bash(_ script: String) async throws -> RunningProgram.Outcome {
        try await CommandRunner(directory: archive, environment: Places.environment)
            .run("bash", "-euo", "pipefail", "-c", script)
    }
}

extension Bench {
    /// Expects that the independent checker finds the simulator's events in the archive, each once, byte for byte, and
    /// nothing wrong; and that `verify` finds nothing wrong either.
    func expectWhole(
        archive: String? = nil, _ note: String = "", sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await check("--expect", archive, note, sourceLocation)
        let verification = try await verify(archive: archive)
        #expect(verification.exitCode == 0, "\(note) \(verification.everything)", sourceLocation: sourceLocation)
    }

    /// Expects a sound archive with none but events of the simulator, each at most once; it may lack some.
    func expectSound(
        archive: String? = nil, _ note: String = "", sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await check("--expect-subset", archive, note, sourceLocation)
    }

    private func check(
        _ mode: String, _ archive: String?, _ note: String, _ sourceLocation: SourceLocation
    ) async throws {
        let events = "\(directory)/events.ndjson"
        try await simulator.writeEvents(to: events)
        let outcome = try await runner.run("python3", "-B", Places.checker, mode, events, archive ?? self.archive)
        #expect(outcome.exitCode == 0, "\(note) \(outcome.everything.prefix(4000))", sourceLocation: sourceLocation)
    }

    /// One line for each published file: name, kind, size, time of change, inode, mode and checksum.
    func snapshot() async throws -> String {
        let outcome = try await bash(
            """
            find manifest.json audit_logs -printf '%p %y %s %T@ %C@ %i %m\\n' | sort
            find manifest.json audit_logs -type f -print0 | sort -z | xargs -0 sha256sum
            """)
        try #require(outcome.exitCode == 0, "\(outcome.everything)")
        return outcome.text
    }
}
