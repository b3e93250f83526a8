import AuditArchive
@testable import ExportCLI
import SystemPackage
import Testing
import TestSupport

@Suite("rebuild and reconcile")
struct MaintenanceTests {
    @Test("reconcile has the flags that it uses, and no other of sync's")
    func reconcileHelp() async {
        let program = TestProgram()
        #expect(await program.run("reconcile", "--help") == .done)
        let flags = [
            "--from", "--to", "--repair", "--retry-quarantine", "--lookback", "--max-part-size", "--page-size",
            "--base-url"
        ]
        for flag in flags {
            #expect(program.output.text.contains("\n  \(flag) "), "\(flag)")
        }
        #expect(!program.output.text.contains("--backfill-start-time"))
        let refused = TestProgram()
        #expect(await refused.run("reconcile", "--archive", "/a", "--backfill-start-time", "2025-01-01") == .usage)
    }

    @Test("rebuild says nothing with --quiet, unless it fails")
    func quiet() async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            try PosixFileSystem().remove(layout.manifest)
            let program = TestProgram()
            #expect(await program.run("rebuild", "--archive", layout.root.string, "--quiet") == .done)
            #expect(program.output.text.isEmpty && program.errors.text.isEmpty)
            try write("x", to: "\(folder)/a/stray")
            #expect(await program.run("rebuild", "--archive", layout.root.string, "--quiet") == .damaged)
            #expect(program.output.text == "stray: is a file that does not belong here\n")
            #expect(program.errors.text.hasPrefix("error: "))
        }
    }

    @Test("rebuild leaves the archive to whoever holds it, and says who and since when", arguments: [[], ["--json"]])
    func locked(flags: [String]) async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            let session = try ArchiveSession(
                layout, .init(compression: .init(level: 6, parallelism: 1), maximumPartSize: 1 << 20, writer: "test"),
                fileSystem: PosixFileSystem(), processID: 4711, now: SettledClock.noon)
            let program = TestProgram()
            #expect(await program.run(["rebuild", "--archive", layout.root.string] + flags) == .stopped)
            await session.close()
            #expect(program.errors.text.contains("process 4711, since 2026-11-23T12:00:00.000000Z"))
            #expect(await TestProgram().run("rebuild", "--archive", layout.root.string) == .done)
        }
    }

    @Test("a lock that cannot be opened is no damage", arguments: ["rebuild", "reconcile"])
    func unreadable(command: String) async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            // A folder in the place of the private one's lock: it can be made by nobody.
            try PosixFileSystem().remove(layout.lock)
            try PosixFileSystem().createDirectory(layout.lock)
            let program = TestProgram(environment: ["CAPTIVATEIQ_API_TOKEN": secret])
            #expect(await program.run(command, "--archive", layout.root.string) == .notWritable)
            #expect(program.errors.text.contains("(\(layout.lock))"))
        }
    }
}
