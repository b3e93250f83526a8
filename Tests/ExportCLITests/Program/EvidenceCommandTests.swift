import AuditArchive
@testable import ExportCLI
import Foundation
import SystemPackage
import Testing
import TestSupport

@Suite("The evidence commands")
struct EvidenceCommandTests {
    private func withArchive(_ body: (_ archive: String, _ folder: String) async throws -> Void) async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            try await body(layout.root.string, "\(folder)")
        }
    }

    private func failure(_ program: TestProgram) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(program.output.text.utf8)) as? [String: Any]
        return try #require(object?["error"] as? [String: Any])
    }

    @Test("a hold of a name that is taken is refused, and the days stay held")
    func hold() async throws {
        try await withArchive { archive, _ in
            func command(to day: String) -> [String] {
                ["evidence", "hold", "--archive", archive, "--name", "case 12", "--from", "2026-11-20", "--to", day]
                    + ["--reason", "asked for", "--json"]
            }
            #expect(await TestProgram().run(command(to: "2026-11-21")) == .done)
            let program = TestProgram()
            #expect(await program.run(command(to: "2026-11-20")) == .usage)
            let error = try failure(program)
            #expect(error["kind"] as? String == "usage" && error["code"] as? Int == 64)
            #expect(error["message"] as? String == "a hold is called that already: case 12, 2026-11-20 to 2026-11-21")
        }
    }

    @Test(
        "what is not there by that name is no damage",
        arguments: [
            ["prove", "nobody"], ["erase", "--id", "nobody", "--reason", "r"],
            ["release", "--name", "n", "--reason", "r"]
        ])
    func unknownName(command: [String]) async throws {
        try await withArchive { archive, _ in
            let program = TestProgram()
            #expect(await program.run(["evidence"] + command + ["--archive", archive, "--json"]) == .negative)
            let error = try failure(program)
            #expect(error["kind"] as? String == "usage" && error["code"] as? Int == 1)
        }
    }

    @Test(
        "what is to be on record for ever needs a reason",
        arguments: [
            ["erase", "--id", "x"], ["hold", "--name", "n", "--from", "2026-11-20", "--to", "2026-11-20"],
            ["release", "--name", "n"]
        ], ["", "  "])
    func reason(command: [String], reason: String) async throws {
        try await withArchive { archive, _ in
            let program = TestProgram()
            let arguments = ["evidence"] + command + ["--archive", archive, "--reason", reason]
            #expect(await program.run(arguments) == .usage)
            #expect(program.errors.text.contains("--reason has to say why"))
        }
    }

    @Test("no key is made in an archive", arguments: ["k.pem", "evidence/k.pem", ".captivateiq-export/k.pem"])
    func keyInArchive(name: String) async throws {
        try await withArchive { archive, _ in
            let program = TestProgram()
            #expect(await program.run("evidence", "keygen", "--output", "\(archive)/\(name)") == .usage)
            #expect(program.errors.text.contains("the key would be in an archive"))
            #expect(!FileManager.default.fileExists(atPath: "\(archive)/\(name)"))
        }
    }

    @Test("quiet does not swallow what was asked for", arguments: ["log", "anchor"])
    func quiet(command: String) async throws {
        try await withArchive { archive, _ in
            let program = TestProgram()
            #expect(await program.run(["evidence", command, "--archive", archive, "--quiet"]) == .done)
            #expect(!program.output.text.isEmpty)
        }
    }

    @Test("a name with line feeds makes no lines of its own in the log")
    func lineFeeds() async throws {
        try await withArchive { archive, _ in
            let name = "x\n  9  2026-11-23T00:00:00.000000Z  release x"
            #expect(
                await TestProgram().run([
                    "evidence", "hold", "--archive", archive, "--name", name, "--from", "2026-11-20", "--to",
                    "2026-11-20", "--reason", "r\nr"
                ]) == .done)
            let program = TestProgram()
            #expect(await program.run("evidence", "log", "--archive", archive) == .done)
            let lines = program.output.text.split(separator: "\n")
            #expect(lines.filter { $0.contains("release x") }.count == 1)
            #expect(lines.filter { $0.contains("release x") }.allSatisfy { $0.contains("hold x") })
        }
    }

    @Test("entries without a signature are a note for machines, and in the last line for people")
    func unsignedEntries() async throws {
        try await withArchive { archive, _ in
            let json = TestProgram()
            #expect(await json.run("verify", "--archive", archive, "--json") == .done)
            #expect(json.output.text.contains(#""notes": [{"kind": "not_signed", "path": "evidence/checkpoint""#))
            let text = TestProgram()
            #expect(await text.run("verify", "--archive", archive) == .done)
            #expect(text.output.text.contains("not signed yet") && !text.output.text.contains("note:"))
        }
    }

    @Test("a rebuild of a file is told that it is no archive")
    func rebuildOfFile() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/file"
            try Data("x".utf8).write(to: URL(fileURLWithPath: path))
            let program = TestProgram()
            #expect(await program.run("rebuild", "--archive", path) == .absent)
        }
    }
}
