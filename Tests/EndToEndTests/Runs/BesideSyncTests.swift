import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite struct BesideSyncTests {
        /// Syncs whose commits take long, for every call of one is held up, and looks at the archive all the while.
        @Test func verifyAndStatusNeverTakeACommitForDamage() async throws {
            try await Bench.with("--events", "200", "--days", "4") { bench in
                try await bench.syncWell()
                let syncs = Task { try await Self.syncSlowly(bench) }
                let looks = try await withThrowingTaskGroup(of: Int.self) { group in
                    group.addTask { try await Self.look(bench, "verify") }
                    group.addTask { try await Self.look(bench, "status") }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                print("BesideSyncTests: \(looks) looks at 5 commits")
                #expect(looks.allSatisfy { $0 >= 5 })
                try await syncs.value
                try await bench.expectWhole()
            }
        }

        private static func syncSlowly(_ bench: Bench) async throws {
            defer { try? "".write(toFile: "\(bench.directory)/over", atomically: false, encoding: .utf8) }
            let calls = "fsync,rename,renameat,renameat2,unlink,unlinkat"
            for round in 1...5 {
                try await bench.simulator.arrive(10, lateHours: Double(round) * 2)
                let outcome = try await bench.runner.run(
                    ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "signal=none", "-e", "trace=\(calls)"]
                        + ["-e", "inject=\(calls):delay_exit=10000"] + bench.syncCommand())
                #expect(outcome.exitCode == 0, "\(outcome.everything)")
            }
        }

        private static func look(_ bench: Bench, _ command: String) async throws -> Int {
            var looks = 0
            while !FileManager.default.fileExists(atPath: "\(bench.directory)/over") {
                let outcome = try await bench.runner.run(Places.exporter, command, "--archive", bench.archive)
                #expect(outcome.exitCode == 0, "\(command): \(outcome.everything)")
                looks += 1
            }
            return looks
        }
    }
}
