@testable import AuditArchive
import SystemPackage
import Testing
import TestSupport

/// What people have on their machines reads the archive.
@Suite struct RealProgramsTests {
    static let events =
        TestEvent.run(0..<200, from: "2025-02-23T23:58:00Z")
        + [
            TestEvent(
                999, at: "2025-02-24T10:00:00Z",
                extra: #","text":"\u00e9 é 👩‍👧 \"quoted\"","big":12345678901234567890"#)
        ]

    private func inArchive(_ body: (CommandRunner) async throws -> Void) async throws {
        try await withArchive { archive in
            archive.maximumPartSize = 5_000
            try await archive.commit(Self.events, quarantine: ["[1]"])
            try await body(CommandRunner(directory: archive.layout.root.string))
        }
    }

    @Test func gzip() async throws {
        try await inArchive { shell in
            let outcome = try await shell.run("sh", "-c", "gzip -tv audit_logs/*/*.gz quarantine/*.gz")
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").count(where: { $0.hasSuffix("OK") }) > 5)
        }
    }

    @Test func sha256sum() async throws {
        try await inArchive { shell in
            let outcome = try await shell.run(
                "sh", "-c",
                #"jq -r '(.files + .quarantine)[] | "\(.sha256)  \(.path)"' manifest.json | sha256sum -c -"#)
            #expect(outcome.exitCode == 0, "\(outcome.errors)")
            #expect(outcome.text.split(separator: "\n").count(where: { $0.hasSuffix(": OK") }) > 5)
        }
    }

    @Test func zcatAndJq() async throws {
        try await inArchive { shell in
            let lines = try await shell.run("sh", "-c", "zcat audit_logs/*/*.gz")
            #expect(lines.text == Self.events.map { $0.line + "\n" }.joined())
            let ids = try await shell.run("sh", "-c", "zcat audit_logs/*/*.gz | jq -r .id")
            #expect(ids.text.split(separator: "\n").map(String.init) == Self.events.map(\.id))
        }
    }

    @Test func manifestHasOneEntryALine() async throws {
        try await inArchive { shell in
            let entries = try await shell.run("sh", "-c", "grep '\"path\"' manifest.json | sed 's/,$//' | jq -c .path")
            let files = try await shell.run("sh", "-c", "find audit_logs quarantine -type f | sort | sed 's/.*/\"&\"/'")
            #expect(entries.exitCode == 0)
            #expect(entries.text.split(separator: "\n").sorted() == files.text.split(separator: "\n").sorted())
        }
    }
}
