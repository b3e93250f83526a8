import AuditArchive
@testable import ExportCLI
import JSONText
import SystemPackage
import Testing
import TestSupport

@Suite("verify")
struct VerifyCommandTests {
    @Test("says what it checked and ends with 0")
    func sound() async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            let program = TestProgram()
            #expect(await program.run("verify", "--archive", layout.root.string) == .done)
            #expect(program.output.text.hasPrefix("Sound: 2 files, 3 events, "))
            #expect(program.output.text.contains(" B, generation 1.\nEvidence: 5 entries, 5 not signed yet.\n"))
            #expect(program.errors.text.isEmpty)
        }
    }

    @Test("lists every fault on standard output and ends with 65")
    func faults() async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            try write("x", to: "\(folder)/a/audit_logs/stray.txt")
            try write("x", to: "\(folder)/a/audit_logs/date=2026-11-20/other.txt")
            let program = TestProgram()
            #expect(await program.run("verify", "--archive", layout.root.string) == .damaged)
            let lines = program.output.text.split(separator: "\n")
            #expect(lines.count == 4)
            #expect(lines[0].hasPrefix("audit_logs/date=2026-11-20/other.txt: "))
            #expect(lines[1].hasPrefix("audit_logs/stray.txt: "))
            #expect(lines[2].hasPrefix("Damaged, 2 bad files: 2 files, 3 events, "))
            #expect(
                program.errors.text == """
                    error: the archive has 2 bad files (\(layout.root))
                      Nothing was changed.
                      audit_logs/date=2026-11-20/other.txt and 1 more: Move it out of the archive: readers may take it for \
                    a part of the table.

                    """)
        }
    }

    @Test("has both as JSON")
    func json() async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            let sound = TestProgram(environment: ["CAPTIVATEIQ_ARCHIVE": layout.root.string])
            #expect(await sound.run("verify", "--json") == .done)
            #expect(
                sound.output.text.hasPrefix(#"{"outcome": "ok", "generation": 1, "files": 2, "events": 3, "bytes": "#))
            #expect(
                sound.output.text.hasSuffix(
                    #""quarantine_files": 0, "quarantined": 0, "faults": [], "bad_files": 0, "#
                        + #""notes": [{"kind": "not_signed", "path": "evidence/checkpoint", "line": null, "#
                        + #""detail": "5 entries of the log are not signed", "#
                        + #""remedy": "If what was done was in order, sign it: `captivateiq-export evidence sign`."}]}"#
                        + "\n"))
            try write("x", to: "\(folder)/a/audit_logs/stray.txt")
            let damaged = TestProgram(environment: ["CAPTIVATEIQ_ARCHIVE": layout.root.string])
            #expect(await damaged.run("verify", "--json", "--quiet") == .damaged)
            #expect(damaged.output.text.hasPrefix(#"{"outcome": "damaged", "#))
            #expect(
                damaged.output.text.contains(
                    #""faults": [{"kind": "stray_file", "path": "audit_logs/stray.txt", "line": null, "detail": "#))
            try JSONGrammar.check(damaged.output.text.utf8.span.bytes)
        }
    }

    @Test("tells an unfinished copy and what a system left from damage, and ends with 0")
    func notes() async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            try write("x", to: "\(folder)/a/.DS_Store")
            try write("x", to: "\(folder)/a/audit_logs/.x.ndjson.gz.Ab12Cd")
            let program = TestProgram()
            #expect(await program.run("verify", "--archive", layout.root.string) == .done)
            let lines = program.output.text.split(separator: "\n")
            #expect(lines.count == 4 && lines[2].hasPrefix("Sound: 2 files, "))
            #expect(lines[0].hasPrefix("note: .DS_Store: is a file that a system left"))
            #expect(lines[1].hasPrefix("note: audit_logs/.x.ndjson.gz.Ab12Cd: is a copy that was not finished"))
            let json = TestProgram()
            #expect(await json.run("verify", "--archive", layout.root.string, "--json") == .done)
            #expect(json.output.text.contains(#""notes": [{"kind": "stray_system_file", "path": ".DS_Store""#))
            #expect(
                json.output.text.contains(#"{"kind": "unfinished_copy""#) && json.output.text.contains(#""faults": []"#)
            )
        }
    }

    @Test("says nothing on success when told to be quiet")
    func quiet() async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            let program = TestProgram()
            #expect(await program.run("verify", "--archive", layout.root.string, "--quiet", "--json") == .done)
            #expect(program.output.text.isEmpty && program.errors.text.isEmpty)
        }
    }
}
