import TestSupport
import Testing

extension EndToEnd {
    @Suite struct FullDiskTests {
        /// A file system of 300 KiB, which the kernel removes with its namespace. Needs the right to make one: root has
        /// it, and most kernels give it to others in a namespace of their own.
        @Test func smallFileSystem() async throws {
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
                let outcome = try await bench.runner.run(
                    ["unshare", "--mount", "--user", "--map-root-user"] + command)
                #expect(outcome.exitCode == 0, "\(outcome.everything)")
                #expect(outcome.errors.contains("first: 74\n"), "\(outcome.everything)")
                #expect(!outcome.errors.contains(".ndjson.gz\n"), "what was staged was not freed: \(outcome.everything)")
                try await bench.expectWhole()
            }
        }

        /// Files of at most 16 KiB: a write fails within a file, as on a full disk. The signal that goes with it is
        /// ignored by default here, as service managers do.
        @Test func limitedFiles() async throws {
            try await Bench.with("--events", "4000", "--days", "3") { bench in
                let limited = ["bash", "-c", "trap '' XFSZ; exec prlimit --fsize=16384 \"$@\"", "bash"]
                let outcome = try await bench.runner.run(limited + bench.syncCommand())
                #expect(outcome.exitCode == 74, "\(outcome.everything)")
                try await bench.syncWell()
                try await bench.expectWhole()
            }
        }
    }
}
