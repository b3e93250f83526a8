import TestSupport
import Testing

extension EndToEnd {
    @Suite struct FullDiskTests {
        private static let namespace = ["unshare", "--mount", "--user", "--map-root-user"]

        /// A file system of 300 KiB, which the kernel removes with its namespace. Most kernels give everybody the right
        /// to make one; in a container without it the limit of file sizes has to do.
        @Test func smallFileSystem() async throws {
            let probe = try await CommandRunner(directory: "/tmp").run(
                Self.namespace + ["mount", "-t", "tmpfs", "-o", "size=300k", "none", "/mnt"])
            guard probe.exitCode == 0 else {
                print("FullDiskTests: NO small file system, only the limit of file sizes is tried: \(probe.errors)")
                return try await limitedFiles()
            }
            try await Bench.with("--events", "20000", "--days", "30") { bench in
                let script = """
                    set -eu
                    mkdir disk; mount -t tmpfs -o size=300k none disk
                    code=0; "$@" || code=$?
                    echo "first: $code" >&2; [ "$code" -eq 74 ]
                    ls -A disk/archive/.captivateiq-export/staging >&2
                    mount -o remount,size=64m disk
                    "$@"
                    cp -a disk/archive archive
                    """
                let command = ["bash", "-c", script, "bash"] + bench.syncCommand(archive: "disk/archive")
                let outcome = try await bench.runner.run(Self.namespace + command)
                #expect(outcome.exitCode == 0, "\(outcome.everything)")
                #expect(outcome.errors.contains("first: 74\n"), "\(outcome.everything)")
                #expect(
                    !outcome.errors.contains(".ndjson.gz\n"), "what was staged was not freed: \(outcome.everything)")
                try await bench.expectWhole()
            }
        }

        /// Files of at most 16 KiB: a write fails within a file, as on a full disk.
        @Test func limitedFiles() async throws {
            try await Bench.with("--events", "4000", "--days", "3") { bench in
                let limited = ["prlimit", "--fsize=16384"]
                let outcome = try await bench.runner.run(limited + bench.syncCommand())
                #expect(outcome.exitCode == 74, "\(outcome.everything)")
                try await bench.syncWell()
                try await bench.expectWhole()
            }
        }
    }
}
