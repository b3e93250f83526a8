import AuditArchive
@testable import ExportCLI
import JSONText
import SystemPackage
import Testing
import TestSupport

@Suite("rebuild")
struct RebuildCommandTests {
    @Test("makes the manifest anew, and says from what")
    func rebuilt() async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            try PosixFileSystem().remove(layout.manifest)
            let program = TestProgram()
            #expect(await program.run("rebuild", "--archive", layout.root.string) == .done)
            #expect(program.output.text.hasPrefix("Rebuilt: 2 files, 3 events, "))
            #expect(
                program.output.text.contains("start          2026-11-01 00:00:00 UTC, from the last commit's notes"))
            #expect(await TestProgram().run("verify", "--archive", layout.root.string) == .done)
        }
    }

    @Test("lists what is wrong and ends with 65", arguments: [[], ["--json"]])
    func refused(flags: [String]) async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            try write("x", to: "\(folder)/a/audit_logs/stray.txt")
            let program = TestProgram()
            #expect(await program.run(["rebuild", "--archive", layout.root.string] + flags) == .damaged)
            #expect(program.output.text.contains("audit_logs/stray.txt"))
            #expect(program.errors.text.hasPrefix("error: the manifest was not rebuilt: the files have 1 fault"))
            if !flags.isEmpty { try JSONGrammar.check(program.output.text.utf8.span.bytes) }
        }
    }

    @Test("a sync of an archive without a manifest names rebuild")
    func hint() async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            try PosixFileSystem().remove(layout.manifest)
            let program = TestProgram(environment: ["CAPTIVATEIQ_API_TOKEN": secret])
            #expect(await program.run("sync", "--archive", layout.root.string) == .damaged)
            #expect(program.errors.text.contains("captivateiq-export rebuild"))
        }
    }

    @Test("reconcile refuses days that are none, and a place without an archive")
    func reconcileUsage() async {
        let environment = ["CAPTIVATEIQ_API_TOKEN": secret, "CAPTIVATEIQ_ARCHIVE": "/nonexistent/a"]
        let program = TestProgram(environment: environment)
        #expect(await program.run("reconcile", "--from", "yesterday") == .usage)
        #expect(await program.run("reconcile", "--from", "2025-02-02", "--to", "2025-02-01") == .usage)
        #expect(await TestProgram(environment: environment).run("reconcile") == .absent)
    }
}
