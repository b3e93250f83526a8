import TestSupport
import Testing

extension EndToEnd {
    /// An archive that may be read and not written: `sync`, `reconcile` and `rebuild` say so, `verify` and `status` work.
    @Suite struct UnwritableArchiveTests {
        @Test func rightsTakenAway() async throws {
            try await Bench.with("--events", "60", "--days", "3") { bench in
                try await bench.syncWell()
                try await bench.simulator.arrive(5)
                let names = try await bench.names()
                try await bench.run("find . -type f -exec chmod 0440 {} +; find . -type d -exec chmod 0550 {} +")
                // Root passes over rights, but not one that is nobody in a name space of its own.
                try await expectReadable(behind: ["unshare", "--user"], bench)
                #expect(try await bench.names() == names)
                try await bench.run("chmod 0700 .; find . -type d -exec chmod 0750 {} +")
                try await bench.run("find . -type f -exec chmod 0640 {} +")
                try await bench.syncWell()
                try await bench.expectWhole()
            }
        }

        /// Where the kernel gives nobody the right to mount, strace speaks in its place.
        @Test func fileSystemMountedReadOnly() async throws {
            let namespace = ["unshare", "--mount", "--user", "--map-root-user"]
            let probe = try await CommandRunner(directory: "/tmp")
                .run(namespace + ["mount", "-t", "tmpfs", "none", "/mnt"])
            try await Bench.with("--events", "60", "--days", "3") { bench in
                try await bench.syncWell()
                try await bench.simulator.arrive(5)
                let names = try await bench.names()
                let script =
                    "mount --bind \(bench.archive) \(bench.archive); "
                    + "mount -o remount,bind,ro \(bench.archive); exec \"$@\""
                let calls = "mkdir,mkdirat,openat"
                let injection =
                    ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(calls)", "-e", "signal=none"]
                    + ["-P", "\(bench.archive)/.captivateiq-export", "-P", "\(bench.archive)/.captivateiq-export/lock"]
                    + ["-e", "inject=\(calls):error=EROFS"]
                try await expectReadable(
                    behind: probe.exitCode == 0 ? namespace + ["bash", "-euc", script, "bash"] : injection, bench)
                #expect(try await bench.names() == names)
                try await bench.syncWell()
                try await bench.expectWhole()
            }
        }

        private func expectReadable(behind wall: [String], _ bench: Bench) async throws {
            let api = Array(bench.syncCommand().drop { $0 != "--base-url" }.prefix(2))
            let writing = [
                bench.syncCommand(), [Places.exporter, "reconcile", "--archive", bench.archive] + api,
                [Places.exporter, "rebuild", "--archive", bench.archive]
            ]
            for command in writing {
                let outcome = try await bench.runner.run(wall + command)
                #expect(outcome.exitCode == 73, "\(command): \(outcome.everything)")
                #expect(outcome.errors.contains("(\(bench.archive)/.captivateiq-export"), "\(outcome.errors)")
                #expect(outcome.errors.contains("Check the owner and the rights"), "\(outcome.errors)")
            }
            for command in ["verify", "status"] {
                let outcome = try await bench.runner.run(wall + [Places.exporter, command, "--archive", bench.archive])
                #expect(outcome.exitCode == 0, "\(command): \(outcome.everything)")
            }
        }
    }
}

extension Bench {
    /// All names in the archive.
    fileprivate func names() async throws -> String {
        let outcome = try await bash("find . -printf '%p %s\\n' | sort")
        try #require(outcome.exitCode == 0, "\(outcome.everything)")
        return outcome.text
    }

    /// Runs a script in the archive that has to succeed.
    fileprivate func run(_ script: String) async throws {
        let outcome = try await bash(script)
        try #require(outcome.exitCode == 0, "\(outcome.everything)")
    }
}
