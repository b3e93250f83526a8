import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite struct KillTests {
        /// 30 syncs in a row are killed; in between events arrive, so that each has something to do.
        @Test func thirtyRandomMoments() async throws {
            let seed = UInt64.random(in: 0...UInt64.max)
            print("KillTests: seed \(seed)")
            try await Bench.with("--events", "6000", "--days", "30", "--seed", "7") { bench in
                var random = SeededRandom(seed: seed)
                let whole = try await duration(of: bench)
                var killed = 0
                for moment in 1...30 {
                    // The first half hits a backfill anywhere, the second the short syncs after it.
                    let longest = moment <= 15 ? whole : whole / 3
                    let program = try bench.runner.start(bench.syncCommand())
                    program.signal(SIGKILL, after: longest * Double.random(in: 0...1, using: &random))
                    let outcome = await program.outcome()
                    killed += outcome.isEndedBySignal ? 1 : 0
                    #expect(outcome.isEndedBySignal || outcome.exitCode == 0, "seed \(seed): \(outcome.everything)")
                    try await bench.simulator.arrive(20, ties: 3, lateHours: moment.isMultiple(of: 2) ? 20 : 0)
                }
                print("KillTests: \(killed) of 30 syncs were killed")
                #expect(killed >= 10, "seed \(seed): most syncs were over before they were killed")
                try await bench.syncWell()
                try await bench.expectWhole("seed \(seed)")
            }
        }

        /// Compactions that are killed at one of their calls, each after a sync that left it something to merge. The next sync
        /// finishes what one left.
        @Test func compactionsAtRandomMoments() async throws {
            let seed = UInt64.random(in: 0...UInt64.max)
            print("KillTests: seed \(seed)")
            try await Bench.with("--events", "600", "--days", "12") { bench in
                var random = SeededRandom(seed: seed)
                try await bench.syncWell("--lookback", "1h")
                let compact = [Places.exporter, "compact", "--archive", bench.archive]
                var killed = 0
                let calls = "fsync,rename,renameat,renameat2,unlink,unlinkat"
                for moment in 1...10 {
                    try await bench.simulator.arrive(30, ties: 3, lateHours: 23)
                    try await bench.syncWell("--lookback", "1h")
                    try await bench.simulator.arrive(30, ties: 3, lateHours: 23)
                    try await bench.syncWell("--lookback", "1h")
                    let number = Int.random(in: 1...16, using: &random)
                    let outcome = try await bench.runner.run(
                        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(calls)"]
                            + ["-e", "inject=\(calls):signal=KILL:when=\(number)"] + compact)
                    killed += outcome.exitCode == 137 ? 1 : 0
                    #expect([0, 137].contains(outcome.exitCode), "seed \(seed): \(outcome.everything)")
                    try await bench.syncWell("--lookback", "1h")
                    try await bench.expectSound("seed \(seed), compaction \(moment), call \(number)")
                }
                print("KillTests: \(killed) of 10 compactions were killed")
                #expect(killed >= 1, "seed \(seed): all compactions were over before they were killed")
                let last = try await bench.runner.run(compact)
                #expect(last.exitCode == 0, "seed \(seed): \(last.everything)")
                let verification = try await bench.verify()
                #expect(verification.exitCode == 0, "seed \(seed): \(verification.everything)")
            }
        }

        private func duration(of bench: Bench) async throws -> Duration {
            let start = ContinuousClock.now
            try await bench.syncWell(archive: "\(bench.directory)/measured")
            return ContinuousClock.now - start
        }

        /// Every step of a commit in turn: strace kills the program at the nth call of each kind.
        @Test(arguments: ["fsync", "rename,renameat,renameat2", "unlink,unlinkat", "mkdir,mkdirat"])
        func everyStepOfACommit(calls: String) async throws {
            try await Bench.with("--events", "50", "--days", "3") { bench in
                for number in 1...40 {
                    let archive = "\(bench.directory)/archive-\(number)"
                    let outcome = try await bench.runner.run(
                        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(calls)"]
                            + ["-e", "inject=\(calls):signal=KILL:when=\(number)"]
                            + bench.syncCommand(archive: archive))
                    if outcome.exitCode == 0 {
                        #expect(number > 1, "strace never struck")
                        return
                    }
                    #expect(outcome.exitCode == 137, "\(calls) \(number): \(outcome.everything)")
                    try await bench.syncWell(archive: archive)
                    try await bench.expectWhole(archive: archive, "\(calls) \(number)")
                }
                Issue.record("a small sync makes more than 40 calls of \(calls)")
            }
        }
    }
}
