@testable import AuditArchive
import SystemPackage
import Testing

/// Journals that no commit wrote: refused, and nothing moves or goes.
@Suite struct HostileJournalTests {
    static let file = "audit_logs-2025-02-24-000002-00.ndjson.gz"
    static let moves = [
        #"{"staged": "../../outside", "target": "../outside"}"#,
        #"{"staged": "outside", "target": "/tmp/outside"}"#,
        #"{"staged": "passwd", "target": "audit_logs/../../passwd"}"#,
        #"{"staged": "manifest.json", "target": "manifest.json"}"#,
        #"{"staged": "x", "target": "audit_logs/date=2025-02-24/\#(file)"}"#,
        #"{"staged": "", "target": ""}"#, #"{"staged": "..", "target": "audit_logs/.."}"#,
        #"{"staged": "\#(file)", "target": "audit_logs/date=2025-02-25/\#(file)"}"#,
        #"{"staged": "\#(file)", "target": "audit_logs/date=2025-02-24/\#(file)\u0000"}"#,
        #"{"staged": "\#(file)", "target": "audit_logs/date=2025-02-24/\#(file)"}"#
            + #", {"staged": "\#(file)", "target": "audit_logs/date=2025-02-24/\#(file)"}"#
    ]

    @Test(arguments: moves)
    func move(moves: String) async throws {
        try await refuses("{\"generation\": 2, \"moves\": [\(moves)]}")
    }

    @Test(arguments: [
        "", "{", "[]", "null", "\u{0}", #"{"generation": 99999999999999999999, "moves": []}"#, #"{"moves": []}"#,
        #"{"generation": -1, "moves": []}"#, #"{"generation": 9223372036854775807, "moves": []}"#
    ])
    func text(text: String) async throws { try await refuses(text) }

    private func refuses(_ journal: String) async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z"))
            try archive.replace(".captivateiq-export/staging/\(Self.file)", Array("staged".utf8))
            try archive.replace(".captivateiq-export/journal.json", Array(journal.utf8))
            let before = try FileTree(archive.layout.root).withoutLock
            let archive = archive
            let error = #expect(throws: ArchiveError.self) { try archive.open() }
            #expect(error?.kind == .damaged)
            #expect(try FileTree(archive.layout.root).withoutLock == before)
            #expect(try archive.bytes(".captivateiq-export/staging/\(Self.file)") == Array("staged".utf8))
        }
    }
}
