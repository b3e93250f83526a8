import AuditArchive
import CivilTime
@testable import ExportCLI
import Foundation
import SystemPackage
import TestSupport
import Testing

/// What a person is told of an archive that others may change, and of names that a terminal would obey.
@Suite struct HostileSurroundingsTests {
    private func exposed(_ folder: String) async throws -> ArchiveLayout {
        let layout = try await SmallArchive.make(in: "\(folder)/a")
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: layout.root.string)
        return layout
    }

    @Test(arguments: ["verify", "status", "sync"])
    func aWorldWritableArchiveIsWarnedOfOnce(command: String) async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await exposed(folder)
            let program = TestProgram(environment: ["CAPTIVATEIQ_API_TOKEN": secret])
            // The sync ends at once: nobody listens there.
            var arguments = [command, "--archive", layout.root.string]
            if command == "sync" { arguments += ["--base-url", "http://127.0.0.1:1", "--max-duration", "1ms"] }
            let status = await program.run(arguments)
            #expect(status == (command == "sync" ? .stopped : .done), "\(program.errors.text)")
            let lines = program.errors.text.split(separator: "\n").filter { $0.contains("chmod o-w") }
            #expect(lines.count == 1, "\(program.errors.text)")
            #expect(lines.first?.contains(" warning ") == true)
        }
    }

    /// Cron mails what is written, so that it is said also with `quiet`; but not beside a sync that has said it.
    @Test(arguments: ["verify", "status"])
    func quietWarnsToo(command: String) async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await exposed(folder)
            for _ in 0..<2 {
                let program = TestProgram()
                #expect(await program.run(command, "--archive", layout.root.string, "--quiet") == .done)
                #expect(program.output.text.isEmpty)
                #expect(program.errors.text.split(separator: "\n").count == 1, "\(program.errors.text)")
                #expect(program.errors.text.contains("chmod o-w \(layout.root)"))
            }
            #expect(!FileManager.default.fileExists(atPath: layout.hint("warnings.json").string))

            var memory = WarningMemory(layout, PosixFileSystem())
            let warnings = ArchivePermissions.warnings(layout, fileSystem: PosixFileSystem())
            #expect(memory.take(warnings, at: SettledClock.noon + .seconds(-3_600)) == warnings)
            let program = TestProgram()
            #expect(await program.run(command, "--archive", layout.root.string, "--quiet") == .done)
            #expect(program.errors.text.isEmpty, "\(program.errors.text)")
        }
    }

    @Test func aLinkIsNotTakenForWorldWritable() async throws {
        try await withTemporaryDirectory { folder in
            _ = try await SmallArchive.make(in: "\(folder)/a")
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "a")
            let program = TestProgram()
            #expect(await program.run("status", "--archive", "\(folder)/link") == .done)
            #expect(program.errors.text.isEmpty)
        }
    }

    @Test(arguments: [("nowhere", "leads to no folder"), ("a/manifest.json", "leads to no folder")])
    func aLinkThatIsNoArchive(target: String, words: String) async throws {
        try await withTemporaryDirectory { folder in
            _ = try await SmallArchive.make(in: "\(folder)/a")
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: target)
            for command in ["verify", "status", "sync", "reconcile"] {
                let program = TestProgram(environment: ["CAPTIVATEIQ_API_TOKEN": secret])
                #expect(await program.run(command, "--archive", "\(folder)/link") == .absent, "\(command)")
                #expect(program.errors.text.contains(words) && program.errors.text.contains("\(folder)/link"))
            }
        }
    }

    @Test func namesThatATerminalWouldObeyAreShownEscaped() async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            let text = try String(contentsOfFile: layout.manifest.string, encoding: .utf8)
            let name = #"\u001b[2J\u009b\u007f\u202e\u2028"# + String(repeating: "x", count: 100_000)
            let changed = text.replacing("Acme Corp", with: name)
            let seal = try #require(changed.ranges(of: "  \"sha256_above\"").last?.lowerBound)
            let sealed = ManifestSeal.sealed(String(changed[..<seal])).bytes
            try write(String(decoding: sealed, as: UTF8.self), to: layout.manifest.string)
            let program = TestProgram()
            #expect(await program.run("status", "--archive", layout.root.string) == .done)
            #expect(program.output.text.contains(#"\u001b[2J\u009b\u007f\u202e\u2028xxx"#))
            #expect(program.output.text.utf8.count < 10_000)
        }
    }

    @Test func failuresToo() {
        let failure = Failure(.damaged, "found \u{1B}[2J\u{9B}\nx", at: "/a\u{7F}", hints: ["do\rthis"])
        #expect(failure.text == "error: found \\u001b[2J\\u009b\\nx (/a\\u007f)\n  do\\rthis\n")
    }
}
