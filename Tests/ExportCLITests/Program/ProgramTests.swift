import AuditArchive
@testable import ExportCLI
import JSONText
import SystemPackage
import Testing
import TestSupport

@Suite("The program")
struct ProgramTests {
    @Test(
        "ends with 64 for a wrong command line",
        arguments: [
            [], ["fetch"], ["sync", "--page-sise", "5"], ["sync", "--page-size"], ["sync", "extra"],
            ["verify", "--page-size", "5"], ["--quiet"], ["status", "--json=yes"]
        ])
    func usage(arguments: [String]) async {
        let program = TestProgram()
        #expect(await program.run(arguments) == .usage)
        #expect(program.output.text.isEmpty)
        #expect(program.errors.text.contains("Usage: captivateiq-export"))
    }

    @Test(
        "refuses a token on the command line without repeating it",
        arguments: [
            ["sync", "--api-token", secret], ["sync", "--api-token=\(secret)"], ["sync", "--api-tokn=\(secret)"]
        ])
    func tokenFlag(arguments: [String]) async {
        let program = TestProgram()
        #expect(await program.run(arguments) == .usage)
        #expect(!program.errors.text.contains(secret))
        #expect(program.errors.text.contains("--api-tok"))
    }

    @Test("says its version")
    func version() async {
        let program = TestProgram()
        #expect(await program.run("--version") == .done)
        #expect(program.output.text == BuildInfo.current.text + "\n")
        #expect(program.output.text.hasPrefix("captivateiq-export 0.2.0\nSwift 6."))
    }

    @Test("ends with 78 when settings are missing, and says so to people and machines", arguments: ["verify", "status"])
    func missingArchive(command: String) async throws {
        let program = TestProgram()
        #expect(await program.run(command, "--json") == .settings)
        #expect(
            program.errors.text.hasPrefix("error: archive is missing\n  Give the archive's folder as --archive DIR"))
        #expect(program.output.text.hasPrefix(#"{"outcome": "failed", "error": "archive is missing: "#))
        try JSONGrammar.check(program.output.text.utf8.span.bytes)
    }

    @Test("ends a sync with 78 when settings are wrong, with the summary's keys")
    func wrongSettings() async throws {
        let program = TestProgram(environment: ["CAPTIVATEIQ_JSON": "yes"])
        #expect(await program.run("sync", "--page-size", "5000") == .settings)
        #expect(program.errors.text.hasPrefix("error: 3 settings are wrong or missing\n"))
        #expect(program.output.text.hasPrefix(#"{"outcome": "failed", "events": 0, "duplicates": 0, "#))
        try JSONGrammar.check(program.output.text.utf8.span.bytes)
    }

    @Test("ends with 66 where there is no archive", arguments: ["verify", "status"])
    func noArchive(command: String) async {
        let program = TestProgram()
        #expect(await program.run(command, "--archive", "/nonexistent/archive") == .absent)
        #expect(program.errors.text.contains("(/nonexistent/archive)"))
    }

    @Test("refuses a file of authorities that cannot be used before it touches the archive")
    func caFile() async throws {
        try await withTemporaryDirectory { folder in
            let file = try write("no certificate", to: "\(folder)/ca.pem")
            let program = TestProgram(environment: ["CAPTIVATEIQ_API_TOKEN": secret, "CAPTIVATEIQ_CA_FILE": file])
            #expect(await program.run("sync", "--archive", "\(folder)/a") == .settings)
            #expect(
                program.errors.text.contains("ca_file cannot be \"\(file)\" (environment variable CAPTIVATEIQ_CA_FILE)")
            )
            #expect(try FileDescriptor.exists("\(folder)/a") == false)
        }
    }

    @Test("ends with 73 where no archive can be made")
    func notWritable() async throws {
        try await withTemporaryDirectory { folder in
            let file = try write("x", to: "\(folder)/file")
            let program = TestProgram(environment: ["CAPTIVATEIQ_API_TOKEN": secret])
            #expect(await program.run("sync", "--archive", "\(file)/a") == .notWritable)
            #expect(!program.errors.text.contains(secret))
        }
    }

    @Test("shows an archive's status")
    func status() async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            let program = TestProgram(environment: ["CAPTIVATEIQ_ARCHIVE": layout.root.string])
            #expect(await program.run("status") == .done)
            #expect(program.output.text.contains("Newest event  2026-11-23 01:00:01 UTC, 10 h 59 min ago\n"))
            #expect(program.output.text.contains("  2026-11-20  ████████████              1  closed\n"))
        }
    }

    @Test("ends with 74 when its result cannot be written, but not when nobody wants it")
    func closedOutput() async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            let full = TestProgram(output: Collector(failure: .noSpace))
            #expect(await full.run("status", "--archive", layout.root.string) == .inputOutput)
            #expect(full.errors.text.contains("(standard output)"))
            let gone = TestProgram(output: Collector(failure: .brokenPipe), errors: Collector(failure: .brokenPipe))
            #expect(await gone.run("status", "--archive", layout.root.string) == .done)
        }
    }
}

extension FileDescriptor {
    /// Whether something stands at a path.
    fileprivate static func exists(_ path: String) throws -> Bool {
        do {
            try open(FilePath(path), .readOnly).close()
            return true
        } catch Errno.noSuchFileOrDirectory {
            return false
        }
    }
}
