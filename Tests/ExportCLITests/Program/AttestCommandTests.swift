import AuditArchive
@testable import ExportCLI
import Foundation
import JSONText
import SystemPackage
import Testing
import TestSupport

@Suite("attest")
struct AttestCommandTests {
    private static let files = ["SHA256SUMS", "population.ndjson.gz", "statement.json", "statement.txt"]

    private static func with(_ body: (String, ArchiveLayout) async throws -> Void) async throws {
        try await withTemporaryDirectory { folder in
            try await body(folder, try await SmallArchive.make(in: "\(folder)/a"))
        }
    }

    private static func attest(
        _ layout: ArchiveLayout, _ output: String, _ flags: String..., from: String = "2026-11-20",
        expect status: ExportCLI.ExitStatus = .damaged
    ) async -> (output: String, errors: String) {
        let program = TestProgram()
        let command = ["attest", "--archive", layout.root.string, "--from", from, "--to", "2026-11-20"]
        let found = await program.run(command + ["--output", output] + flags)
        #expect(found == status, "\(program.errors.text)")
        return (program.output.text, program.errors.text)
    }

    private static func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    @Test("writes all of its files, says NOT PROVEN of what nobody compared, and ends with 65")
    func notProven() async throws {
        try await Self.with { folder, layout in
            let (output, errors) = await Self.attest(layout, "\(folder)/out")
            #expect(output.contains("1 event, NOT PROVEN complete, generation 1."))
            #expect(errors.contains("Not compared with the API: 2026-11-20."))
            #expect(try Self.names("\(folder)/out") == Self.files)
            #expect(try Self.names(folder) == ["a", "out"])
            let text = try String(contentsOfFile: "\(folder)/out/statement.txt", encoding: .utf8)
            #expect(text.contains("Conclusion            NOT PROVEN\n"))
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: "\(folder)/out/statement.json")))
                    as? [String: Any])
            #expect(object["proven"] as? Bool == false && object["conclusion"] as? String == "not_proven")
            let json = await Self.attest(layout, "\(folder)/other", "--json").output
            try JSONGrammar.check(json.utf8.span.bytes)
            #expect(json.hasPrefix(#"{"outcome": "not_proven", "conclusion": "not_proven", "output": "#))
            #expect(
                json.contains(#""kind": "unchecked""#) && json.contains(#""error": {"code": 65, "kind": "damaged""#))
        }
    }

    @Test("takes a folder that is empty or not there, and none else")
    func output() async throws {
        try await Self.with { folder, layout in
            try FileManager.default.createDirectory(atPath: "\(folder)/empty", withIntermediateDirectories: false)
            _ = await Self.attest(layout, "\(folder)/empty/")
            #expect(try Self.names("\(folder)/empty") == Self.files)
            for path in ["\(folder)/empty", try write("x", to: "\(folder)/file")] {
                let errors = await Self.attest(layout, path, expect: .usage).errors
                #expect(errors.contains("there is something already") && errors.contains(path))
            }
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/link", withDestinationPath: "\(folder)/a/audit_logs")
            for path in ["\(folder)/a/out", "\(folder)/link/out", "\(folder)/empty/../a/x/y"] {
                #expect(await Self.attest(layout, path, expect: .usage).errors.contains("in the archive"), "\(path)")
            }
            let errors = await Self.attest(layout, "\(folder)/none/out", expect: .notWritable).errors
            #expect(errors.contains("\(folder)/none/out"))
            #expect(try Self.names(folder) == ["a", "empty", "file", "link"])
        }
    }

    @Test("makes none of a damaged archive, and leaves nothing")
    func damaged() async throws {
        try await Self.with { folder, layout in
            let manifest = try PosixFileSystem().requireManifest(layout).manifest
            try write("x", to: layout.absolute(manifest.files[1].name.path).string)
            let (output, errors) = await Self.attest(layout, "\(folder)/out")
            #expect(output.contains("Damaged") && errors.contains("bad file"))
            #expect(try Self.names(folder) == ["a"])
        }
    }

    @Test("reads nothing but the archive without a token, and says so")
    func offline() async throws {
        try await Self.with { folder, layout in
            var program = TestProgram()
            // Nobody listens there, so that asking would fail.
            program.environment = ["CAPTIVATEIQ_API_TOKEN": "x", "CAPTIVATEIQ_BASE_URL": "http://127.0.0.1:9"]
            let command = ["attest", "--archive", layout.root.string, "--from", "2026-11-20", "--to", "2026-11-20"]
            #expect(await program.run(command + ["--output", "\(folder)/out", "--offline"]) == .damaged)
            let text = try String(contentsOfFile: "\(folder)/out/statement.txt", encoding: .utf8)
            #expect(text.contains("The API was not asked for this statement"))
        }
    }

    @Test(
        "refuses what cannot be meant",
        arguments: [
            [], ["--from", "2025-01-01", "--to", "2025-01-31"], ["--from", "2025-01-01", "--output", "x"],
            ["--from", "1", "--to", "2025-01-31", "--output", "x"],
            ["--from", "2025-02-01", "--to", "2025-01-31", "--output", "x"],
            ["--from", "0001-01-01", "--to", "2025-01-31", "--output", "x"],
            ["--from", "2025-01-01", "--to", "2025-01-31", "--output", ""]
        ])
    func refused(arguments: [String]) async {
        let program = TestProgram()
        #expect(await program.run(["attest", "--archive", "/nonexistent"] + arguments) == .usage)
    }
}
