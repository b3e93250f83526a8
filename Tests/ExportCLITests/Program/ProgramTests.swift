import AuditArchive
import CivilTime
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
        #expect(
            program.output.text.hasPrefix(
                #"{"outcome": "failed", "error": {"code": 78, "kind": "setting", "message": "archive is missing", "#))
        try JSONGrammar.check(program.output.text.utf8.span.bytes)
    }

    @Test(
        "says in an object what a check or a merge ended with",
        arguments: [
            (["check", "--archive", "/proc/version"], 78), (["compact", "--archive", "/proc/nowhere"], 66),
            (["compact", "--archive", "/proc/version"], 66)
        ])
    func errorObject(arguments: [String], code: Int) async throws {
        let program = TestProgram()
        #expect(await program.run(arguments + ["--json"]).rawValue == Int32(code))
        try JSONGrammar.check(program.output.text.utf8.span.bytes)
        #expect(program.output.text.hasPrefix(#"{"outcome": "failed", "#))
        #expect(program.output.text.contains(#""error": {"code": \#(code), "kind": ""#), "\(program.output.text)")
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
            #expect(program.output.text.hasPrefix("LATE  Acme Corp (org_1)   \(layout.root)\n"))
            #expect(program.output.text.contains("newest event      2026-11-23 01:00:01 UTC, 10 h 59 min ago\n"))
            #expect(program.output.text.contains("  2026-11-20  ############              1  closed\n"))
        }
    }

    @Test("ends with 1 for --max-age alone where no success is known, and with 65 where a file is gone")
    func statusCodes() async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            let hold = try ArchiveHold(layout, fileSystem: PosixFileSystem(), processID: 1, now: SettledClock.noon)
            for (age, code) in [(3_600, 0), (93_601, 1)] {
                let end = SettledClock.noon - .seconds(age)
                let run = Freshness.Run(
                    command: "sync", startedAt: end, endedAt: end, outcome: "ok", exitCode: 0, events: 3)
                _ = try hold.record(run, try PosixFileSystem().requireManifest(layout).manifest)
                let program = TestProgram()
                let status = await program.run("status", "--archive", layout.root.string, "--max-age", "26h", "--quiet")
                #expect(status.rawValue == Int32(code), "\(program.output.text)")
                #expect(program.output.text.isEmpty == (code == 0))
                #expect(await TestProgram().run("status", "--archive", layout.root.string) == .done)
            }
            hold.release()
            let files = try PosixFileSystem().requireManifest(layout).manifest.files
            try PosixFileSystem().remove(layout.absolute(try #require(files.first).name.path))
            let program = TestProgram()
            #expect(await program.run("status", "--archive", layout.root.string, "--json") == .damaged)
            #expect(program.output.text.hasPrefix(#"{"verdict": "DAMAGED", "#))
            #expect(program.output.text.contains(#""error": {"code": 65, "kind": "damaged", "#))
            try JSONGrammar.check(program.output.text.utf8.span.bytes)
        }
    }

    @Test("says DAMAGED first where the manifest cannot be used")
    func damagedManifest() async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            try write("{", to: layout.manifest.string)
            let program = TestProgram()
            #expect(await program.run("status", "--archive", layout.root.string) == .damaged)
            #expect(program.output.text == "DAMAGED  \(layout.root)\n")
            let machine = TestProgram()
            #expect(await machine.run("status", "--archive", layout.root.string, "--json") == .damaged)
            #expect(machine.output.text.hasPrefix(#"{"verdict": "DAMAGED", "archive": "#))
        }
    }

    @Test("tells machines of a wrong command line too")
    func usageJSON() async throws {
        let program = TestProgram()
        #expect(await program.run("sync", "--json", "--page-sise", "5") == .usage)
        #expect(
            program.output.text.hasPrefix(#"{"outcome": "failed", "error": {"code": 64, "kind": "usage", "message": "#))
        try JSONGrammar.check(program.output.text.utf8.span.bytes)
    }

    @Test(
        "ends a sync with 66 where no archive may begin, and changes nothing",
        arguments: ["absent", "empty", "lost+found", "begun"])
    func createOff(kind: String) async throws {
        try await withTemporaryDirectory { folder in
            let fileSystem = PosixFileSystem()
            let root = FilePath("\(folder)/a")
            if kind != "absent" { try fileSystem.createDirectory(root) }
            if kind == "lost+found" { try fileSystem.createDirectory(root.appending(kind)) }
            if kind == "begun" { try fileSystem.createDirectory(root.appending(".captivateiq-export")) }
            let before = kind == "absent" ? [] : try fileSystem.names(in: root)
            let program = TestProgram(
                environment: ["CAPTIVATEIQ_API_TOKEN": secret, "CAPTIVATEIQ_CREATE": "off", "CAPTIVATEIQ_JSON": "on"])
            #expect(await program.run("sync", "--archive", root.string) == .absent)
            #expect(program.errors.text.contains(kind == "begun" ? "Nothing was committed" : "There is no archive"))
            #expect(program.errors.text.contains("sync --create"))
            #expect(program.output.text.contains(#""kind": "no_archive""#))
            #expect(try (kind == "absent" ? [] : fileSystem.names(in: root)) == before)
            #expect(try fileSystem.status(of: root) == nil || kind != "absent")
        }
    }

    @Test("refuses a folder that holds something else, untouched", arguments: ["", "--create"])
    func otherFolder(flag: String) async throws {
        try await withTemporaryDirectory { folder in
            try write("mine", to: "\(folder)/notes.txt")
            let program = TestProgram(environment: ["CAPTIVATEIQ_API_TOKEN": secret])
            #expect(await program.run(["sync", "--archive", folder] + (flag.isEmpty ? [] : [flag])) == .absent)
            #expect(program.errors.text.contains("notes.txt"))
            #expect(try PosixFileSystem().names(in: FilePath(folder)) == ["notes.txt"])
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
