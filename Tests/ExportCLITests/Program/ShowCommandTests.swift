import AuditArchive
@testable import ExportCLI
import JSONText
import SystemPackage
import Testing
import TestSupport

@Suite("show")
struct ShowCommandTests {
    /// Runs `show` on a small archive of three events, whose days are closed up to the 21st.
    private static func show(
        _ arguments: [String], program: TestProgram = TestProgram(), expect status: ExportCLI.ExitStatus = .done
    ) async throws -> (output: String, errors: String) {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            #expect(await program.run(["show", "--archive", layout.root.string] + arguments) == status)
            return (program.output.text, program.errors.text)
        }
    }

    @Test("prints one line an event, newest last, and what is known of the range")
    func text() async throws {
        #expect(
            try await Self.show(["--from", "2026-11-20", "--to", "2026-11-20"]).output == """
                01:00:00Z  (no type)  (no user)
                1 event. The day is closed, read to the end, and nothing is known to be missing; it was not compared with \
                the API yet.

                """)
        let all = try await Self.show([]).output
        #expect(
            all.hasPrefix(
                """
                2026-11-20 01:00:00Z  (no type)  (no user)
                2026-11-23 01:00:00Z  (no type)  (no user)
                2026-11-23 01:00:01Z  (no type)  (no user)
                3 events. Still open, events may still arrive: 2026-11-22 to 2026-11-23.
                """))
    }

    @Test("prints the archived bytes, and the rest on standard error")
    func ndjson() async throws {
        let (output, errors) = try await Self.show(["--ndjson", "--id", "2026-11-20-0"])
        #expect(
            output
                == #"{"id":"2026-11-20-0","created_at":"2026-11-20T01:00:00.000000Z","organization_id":"org_1"}"# + "\n"
        )
        #expect(errors.contains("notice 1 event. Still open"))
    }

    @Test("prints one object with the events and what is known of them")
    func json() async throws {
        let (output, errors) = try await Self.show(["--json", "--from", "2026-11-23T01:00:01Z"])
        try JSONGrammar.check(output.utf8.span.bytes)
        #expect(output.hasPrefix(#"{"events": [{"id":"2026-11-23-1","#))
        #expect(output.contains(#"}], "count": 1, "complete": false, "note": "The day is still open"#))
        #expect(!output.contains("generation"))
        #expect(errors.isEmpty)
        let all = try await Self.show(["--json"]).output
        try JSONGrammar.check(all.utf8.span.bytes)
        #expect(all.contains(#""}, {"id":"#) && all.contains(#""count": 3"#))
    }

    @Test("prints CSV with a line that names the columns")
    func csv() async throws {
        let lines = try await Self.show(["--csv"]).output.split(separator: "\r\n")
        #expect(lines.count == 4)
        #expect(lines[0].hasPrefix("created_at,event_type,"))
        #expect(lines[1] == "2026-11-20T01:00:00.000000Z,,,,,,,,false,,,,,,2026-11-20-0")
    }

    @Test("says the generation to go on from")
    func feed() async throws {
        let (output, errors) = try await Self.show(["--ndjson", "--since-generation", "0", "--log-format", "json"])
        #expect(output.split(separator: "\n").count == 3)
        #expect(errors.contains(#""message": "Go on with --since-generation 1", "generation": 1}"#))
        let none = try await Self.show(["--json", "--since-generation", "1"], expect: .negative)
        try JSONGrammar.check(none.output.utf8.span.bytes)
        #expect(none.output.hasPrefix(#"{"events": [], "count": 0, "complete": false, "#))
        #expect(none.output.hasSuffix(#", "generation": 1}"# + "\n"))
        let older = try await Self.show(["--json", "--since-generation", "5"], expect: .negative)
        #expect(older.errors.contains("The archive is at generation 1, and 5 was asked for"))
        #expect(older.output.hasSuffix(#", "generation": 1}"# + "\n") && !none.errors.contains("older copy"))
    }

    @Test("ends with 1 where nothing matches", arguments: [[], ["--ndjson"], ["--csv"], ["--json"], ["--quiet"]])
    func nothing(form: [String]) async throws {
        let (output, errors) = try await Self.show(["--user", "nobody"] + form, expect: .negative)
        #expect(!errors.contains("error"))
        if form.isEmpty { #expect(output.hasPrefix("No events. Still open")) }
        if form == ["--ndjson"] || form == ["--quiet"] { #expect(output.isEmpty) }
        if form == ["--csv"] { #expect(output.split(separator: "\r\n").count == 1) }
    }

    @Test("is silent with quiet where something matches")
    func quiet() async throws {
        let (output, errors) = try await Self.show(["--quiet", "--ndjson"])
        #expect(output.isEmpty && errors.isEmpty)
    }

    @Test(
        "refuses what cannot be meant",
        arguments: [
            ["--from", "yesterday"], ["--to", "2025-02-30"], ["--from", "2025-02-02", "--to", "2025-02-01"],
            ["--ndjson", "--csv"], ["--ndjson", "--json"], ["--since-generation", "-1"], ["--since-generation", "x"]
        ])
    func refused(arguments: [String]) async throws {
        let (output, errors) = try await Self.show(arguments, expect: .usage)
        #expect(output.isEmpty || output.hasPrefix("{"))
        #expect(errors.contains("Usage: captivateiq-export show"))
    }

    @Test("takes times as they are, and days as a whole")
    func bounds() async throws {
        for (bounds, count) in [
            (["--from", "2026-11-23", "--to", "2026-11-23"], 2), (["--to", "2026-11-23T01:00:00Z"], 2),
            (["--from", "2026-11-23T02:00:01+01:00"], 1), (["--to", "2026-11-20T00:59:59.999999Z"], 0)
        ] {
            let output = try await Self.show(["--json"] + bounds, expect: count == 0 ? .negative : .done).output
            #expect(output.contains(#""count": \#(count), "#), "\(bounds)")
        }
    }

    @Test("ends with 74 where its output cannot be written, and quietly where nobody reads it")
    func output() async throws {
        let full = TestProgram(output: Collector(failure: .noSpace))
        _ = try await Self.show(["--ndjson"], program: full, expect: .inputOutput)
        #expect(full.errors.text.contains("(standard output)"))
        let gone = TestProgram(output: Collector(failure: .brokenPipe))
        _ = try await Self.show(["--ndjson"], program: gone)
        #expect(!gone.errors.text.contains("error"))
    }

    @Test("ends its object where a file is damaged on the way", arguments: [["--json"], ["--ndjson"], []])
    func damaged(form: [String]) async throws {
        try await withTemporaryDirectory { folder in
            let layout = try await SmallArchive.make(in: "\(folder)/a")
            let manifest = try PosixFileSystem().requireManifest(layout).manifest
            try write("x", to: layout.absolute(manifest.files[1].name.path).string)
            let program = TestProgram()
            #expect(await program.run(["show", "--archive", layout.root.string] + form) == .damaged)
            #expect(program.errors.text.contains(manifest.files[1].name.path))
            if form == ["--json"] { try JSONGrammar.check(program.output.text.utf8.span.bytes) }
        }
    }

    @Test("ends with 66 where there is no archive")
    func absent() async {
        let program = TestProgram()
        #expect(await program.run("show", "--archive", "/nonexistent/archive", "--json") == .absent)
        #expect(program.output.text.hasPrefix(#"{"outcome": "failed", "error": {"code": 66"#))
    }
}
