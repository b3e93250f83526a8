import AuditArchive
@testable import ExportCLI
import Foundation
import JSONText
import SystemPackage
import Testing
import TestSupport

@Suite("report")
struct ReportCommandTests {
    private static func with(_ body: (String, ArchiveLayout) async throws -> Void) async throws {
        try await withTemporaryDirectory { folder in
            try await body(folder, try await SmallArchive.make(in: "\(folder)/a"))
        }
    }

    @Test("writes one file, replaces one that is there, and leaves nothing else")
    func writes() async throws {
        try await Self.with { folder, layout in
            let path = try write("old", to: "\(folder)/report.html")
            let program = TestProgram()
            #expect(await program.run("report", "--archive", layout.root.string, "--output", path) == .done)
            let page = try String(contentsOfFile: path, encoding: .utf8)
            #expect(page.hasPrefix("<!DOCTYPE html>"))
            #expect(program.output.text.hasPrefix("Wrote \(path) ("))
            #expect(program.output.text.contains("): 3 events, generation 1.\n"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a", "report.html"])
        }
    }

    @Test("says what it wrote as one object")
    func json() async throws {
        try await Self.with { folder, layout in
            let program = TestProgram()
            let path = "\(folder)/report.html"
            #expect(await program.run("report", "--archive", layout.root.string, "--output", path, "--json") == .done)
            try JSONGrammar.check(program.output.text.utf8.span.bytes)
            #expect(program.output.text.hasPrefix(#"{"outcome": "ok", "output": "\#(path)", "bytes": "#))
            #expect(program.output.text.contains(#""events": 3, "generation": 1, "complete": false, "note": ""#))
        }
    }

    @Test("makes none of a damaged archive, and leaves the old one")
    func damaged() async throws {
        try await Self.with { folder, layout in
            let path = try write("old", to: "\(folder)/report.html")
            let manifest = try PosixFileSystem().requireManifest(layout).manifest
            try write("x", to: layout.absolute(manifest.files[0].name.path).string)
            for flags in [[], ["--json"]] {
                let program = TestProgram()
                #expect(
                    await program.run(["report", "--archive", layout.root.string, "--output", path] + flags) == .damaged
                )
            }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
        }
    }

    @Test("refuses a place in the archive, with 64")
    func inside() async throws {
        try await Self.with { folder, layout in
            for path in ["\(layout.root)/r.html", "\(folder)/x/../a/audit_logs/r.html", "\(layout.root)"] {
                let program = TestProgram()
                #expect(await program.run("report", "--archive", layout.root.string, "--output", path) == .usage)
                #expect(program.errors.text.contains("in the archive"))
            }
        }
    }

    @Test("ends with 73 where its file cannot be made")
    func notWritable() async throws {
        try await Self.with { folder, layout in
            for path in ["\(folder)/none/r.html", "\(folder)"] {
                let program = TestProgram()
                #expect(await program.run("report", "--archive", layout.root.string, "--output", path) == .notWritable)
                #expect(program.errors.text.contains(path))
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left == ["a"])
        }
    }

    @Test(
        "refuses what cannot be meant",
        arguments: [
            [], ["--output", ""], ["--output", "x", "--from", "1"],
            ["--output", "x", "--from", "2025-02-02", "--to", "2025-02-01"]
        ])
    func refused(arguments: [String]) async {
        let program = TestProgram()
        #expect(await program.run(["report", "--archive", "/nonexistent"] + arguments) == .usage)
    }
}
