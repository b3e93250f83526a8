import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// What the program makes of the process that it is started as.
    @Suite struct ProcessTests {
        @Test(arguments: ["0<&-", "1>&-", "2>&-", "0<&- 1>&-", "1>&- 2>&-", "0<&- 2>&-", "0<&- 1>&- 2>&-"])
        func closedDescriptors(_ redirections: String) async throws {
            try await Bench.with("--events", "60", "--days", "3") { bench in
                let closed = ["bash", "-c", "exec \"$@\" \(redirections)", "bash"]
                for command in [bench.syncCommand(["--log-level", "trace"]), bench.syncCommand()] {
                    let outcome = try await bench.runner.run(closed + command)
                    #expect(outcome.exitCode == 0, "\(redirections): \(outcome.everything)")
                    #expect(
                        outcome.output.isEmpty == redirections.contains("1>"), "\(redirections): \(outcome.everything)")
                }
                let verify = try await bench.runner.run(
                    closed + [Places.exporter, "verify", "--archive", bench.archive])
                #expect(verify.exitCode == 0, "\(redirections): \(verify.everything)")
                try await bench.expectWhole()
            }
        }

        /// As GNU `timeout` sends it: to the process, and once more to its group.
        @Test(arguments: [(SIGTERM, 143), (SIGINT, 130), (SIGHUP, 129)] as [(Int32, Int32)])
        func aSignalThatIsRepeatedAtOnceCountsOnce(signal: Int32, exitCode: Int32) async throws {
            try await Bench.with("--events", "3000", "--days", "30", "--fault", "timeout@6,7,8,9,10,11,12") { bench in
                let program = try bench.runner.start(
                    bench.syncCommand(["--concurrency", "1", "--page-size", "200", "--log-level", "debug"]))
                try #require(await program.waitFor(" request ", times: 5) != nil)
                for _ in 0..<3 { program.signal(signal) }
                let outcome = await program.outcome()
                #expect(outcome.exitCode == exitCode && !outcome.isEndedBySignal, "\(outcome.everything)")
                #expect(try outcome.syncResult().events > 0, "the commit was lost: \(outcome.everything)")
                try await bench.expectSound()
            }
        }

        @Test func timeoutOfGNU() async throws {
            try await Bench.with("--events", "3000", "--days", "30", "--latency-ms", "150") { bench in
                let outcome = try await bench.runner.run(
                    ["timeout", "--preserve-status", "2"]
                        + bench.syncCommand(["--concurrency", "1", "--page-size", "100"]))
                #expect(outcome.exitCode == 143, "\(outcome.everything)")
                #expect(try outcome.syncResult().events > 0, "\(outcome.everything)")
                try await bench.expectSound()
            }
        }

        /// With each limit the program works or ends with 71 and says what there is too little of; it never hangs or dies.
        @Test func tooFewOpenFiles() async throws {
            try await Bench.with("--events", "60", "--days", "3") { bench in
                var codes: Set<Int32> = []
                for limit in [4, 8, 12, 16, 20, 24, 28, 32, 40, 64, 256] {
                    let archive = "\(bench.archive)-\(limit)"
                    let outcome = try await bench.runner.run(
                        ["timeout", "60", "prlimit", "--nofile=\(limit)"] + bench.syncCommand(archive: archive))
                    codes.insert(outcome.exitCode)
                    #expect([0, 71].contains(outcome.exitCode), "\(limit): \(outcome.everything)")
                    guard outcome.exitCode == 71 else { continue }
                    #expect(!FileManager.default.fileExists(atPath: archive))
                    #expect(outcome.errors.contains("more open files, and it needs "), "\(outcome.everything)")
                    #expect(
                        outcome.errors.contains("RLIMIT_NOFILE is \(limit)") && outcome.errors.contains("ulimit -n"))
                    #expect(outcome.text.contains("\"outcome\": \"failed\""), "\(outcome.everything)")
                }
                #expect(codes == [0, 71])
            }
        }

        /// As in a bare root; the queues would end the process now and then, without a word.
        @Test func noProcOrDev() async throws {
            try await Bench.with("--events", "60", "--days", "3") { bench in
                let bare = ["unshare", "-m", "bash", "-c", "mount -t tmpfs t /proc && exec \"$@\"", "bash"]
                let without = try await bench.runner.run(bare + bench.syncCommand())
                #expect(without.exitCode == 71, "\(without.everything)")
                #expect(without.errors.contains("no /proc") && without.errors.contains("mount -t proc proc /proc"))
                #expect(!FileManager.default.fileExists(atPath: bench.archive))
                let noDevices = ["unshare", "-m", "bash", "-c", "mount -t tmpfs t /dev && exec \"$@\"", "bash"]
                let sync = try await bench.runner.run(noDevices + bench.syncCommand())
                #expect(sync.exitCode == 0, "\(sync.everything)")
                try await bench.expectWhole()
            }
        }

        /// The limit does not hold for root, and counts all processes of a user, so it is somebody else's.
        @Test func tooFewThreads() async throws {
            try await Bench.with("--events", "60", "--days", "3") { bench in
                let user = "\(700_000 + getpid() % 100_000)"
                let opened = try await bench.runner.run("chmod", "0777", bench.directory)
                #expect(opened.exitCode == 0)
                var codes: Set<Int32> = []
                let most = 4 * ProcessInfo.processInfo.activeProcessorCount + 40
                for limit in [1, 2, 4, 6, 8, 10, 12, most] {
                    let outcome = try await bench.runner.run(
                        ["timeout", "60", "setpriv", "--reuid", user, "--clear-groups", "prlimit", "--nproc=\(limit)"]
                            + bench.syncCommand(archive: "\(bench.archive)-\(limit)"))
                    codes.insert(outcome.exitCode)
                    #expect([0, 71].contains(outcome.exitCode), "\(limit): \(outcome.everything)")
                    guard outcome.exitCode == 71 else { continue }
                    #expect(outcome.errors.contains("more threads, and it needs "), "\(outcome.everything)")
                    #expect(outcome.errors.contains("RLIMIT_NPROC is \(limit)") && outcome.errors.contains("ulimit -u"))
                }
                #expect(codes == [0, 71])
            }
        }

        /// The token is in memory, so memory goes nowhere.
        @Test func noCoreDumps() async throws {
            try await Bench.with("--events", "60", "--days", "3", "--fault", "timeout@1,2,3") { bench in
                let user = "\(700_000 + getpid() % 100_000)"
                _ = try await bench.runner.run("chmod", "0777", bench.directory)
                let program = try bench.runner.start(
                    ["prlimit", "--core=unlimited", "setpriv", "--reuid", user, "--clear-groups"]
                        + bench.syncCommand(["--log-level", "debug", "--response-timeout", "20s"]))
                while try await bench.simulator.statistics().requests == 0 {}
                let limits = try String(contentsOfFile: "/proc/\(program.identifier)/limits", encoding: .utf8)
                #expect(limits.contains(#/Max core file size +0 +0 +bytes/#), "\(limits)")
                // The kernel gives what belongs to a process that is not dumpable to root.
                let owner = try FileManager.default.attributesOfItem(atPath: "/proc/\(program.identifier)/environ")
                #expect((owner[.ownerAccountID] as? NSNumber)?.intValue == 0, "\(owner)")
                program.signal(SIGABRT)
                let outcome = await program.outcome()
                #expect(outcome.isEndedBySignal)
                let cores = try FileManager.default.contentsOfDirectory(atPath: bench.directory).filter {
                    $0.contains("core")
                }
                #expect(cores.isEmpty)
            }
        }
    }
}
