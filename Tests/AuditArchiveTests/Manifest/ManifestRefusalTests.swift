@testable import AuditArchive
import SystemPackage
import Testing

@Suite struct ManifestRefusalTests {
    static let topLevel = [
        "format", "format_version", "stream", "generation", "written_at", "writer", "organization", "start_timestamp",
        "last_event_timestamp", "totals", "partitions", "files", "archive_id", "synced_to", "complete_through",
        "pending",
        "checked", "holds", "pruned", "quarantine"
    ]

    static let nested = [
        ("\"id\": \"org_123456\"", "organization.id"), ("\"name\": ", "organization.name"),
        ("\"files\": 3", "totals.files"), ("\"records\": 11", "totals.records"), ("\"size\": 1100", "totals.size"),
        ("\"uncompressed_size\": 5500", "totals.uncompressed_size"),
        ("\"from\": \"2025-01-05", "pending[1].from"), ("\"to\": \"2025-01-06", "pending[1].to"),
        ("\"date\": \"2025-02-24\", \"state\"", "partitions[1].date"), ("\"state\": \"open\"", "partitions[1].state"),
        ("\"records\": 10}", "partitions[0].records"), ("\"path\": \"audit_logs/date=2025-02-24", "files[2].path"),
        ("\"date\": \"2025-02-24\", \"gen", "files[2].date"), ("\"generation\": 41", "files[0].generation"),
        ("\"sha256\": \"a1", "files[0].sha256"), ("\"size\": 700", "files[0].size"),
        ("\"uncompressed_size\": 3500", "files[0].uncompressed_size"), ("\"records\": 7", "files[0].records"),
        ("\"first_event_timestamp\"", "files[0].first_event_timestamp"),
        ("\"last_event_timestamp\": \"2025-02-23", "files[0].last_event_timestamp"),
        ("\"path\": \"quarantine", "quarantine[0].path"), ("\"generation\": 40", "quarantine[0].generation"),
        ("\"sha256\": \"0f", "quarantine[0].sha256"), ("\"size\": 99", "quarantine[0].size"),
        ("\"uncompressed_size\": 120", "quarantine[0].uncompressed_size"), ("\"records\": 2", "quarantine[0].records")
    ]

    @Test(arguments: topLevel)
    func missing(key: String) {
        expectRefusal(replacing: "  \"\(key)\":", with: "  \"was_\(key)\":", key)
    }

    @Test(arguments: nested)
    func missing(text: String, key: String) {
        expectRefusal(replacing: text, with: "\"was_" + text.dropFirst(), key)
    }

    @Test(arguments: topLevel)
    func wrongType(key: String) {
        expectRefusal(replacing: "  \"\(key)\":", with: "  \"\(key)\": true, \"x\":", key)
    }

    @Test(arguments: [
        ("\"captivateiq-audit-archive\"", "\"another\"", "format"),
        ("\"stream\": \"audit_logs\"", "\"stream\": \"payouts\"", "stream"),
        ("\"generation\": 42,\n", "\"generation\": 0,\n", "generation"),
        ("\"generation\": 42,\n", "\"generation\": -1,\n", "generation"),
        ("\"generation\": 42,\n", "\"generation\": 41,\n", "generation"),
        ("\"generation\": 42,\n", "\"generation\": 4.2e1,\n", "generation"),
        ("\"generation\": 42,\n", "\"generation\": 99999999999999999999,\n", "generation"),
        ("\"written_at\": \"2026", "\"written_at\": \"x2026", "written_at"),
        ("\"start_timestamp\": \"2025-01", "\"start_timestamp\": \"2025-13", "start_timestamp"),
        ("  \"last_event_timestamp\": \"2025", "  \"last_event_timestamp\": \"25", "last_event_timestamp"),
        ("\"from\": \"2025-01-05", "\"from\": \"2025-01-07", "pending[1]"),
        ("\"state\": \"open\"", "\"state\": \"ajar\"", "partitions[1].state"),
        ("\"date\": \"2025-02-24\", \"state\"", "\"date\": \"2025-02-30\", \"state\"", "partitions[1].date"),
        ("\"date\": \"2025-02-24\", \"state\"", "\"date\": \"2025-02-23\", \"state\"", "partitions[1]"),
        ("\"date\": \"2025-02-24\", \"state\"", "\"date\": \"2025-02-22\", \"state\"", "partitions[1]"),
        ("\"api_count\": 8", "\"api_count\": -8", "checked[1].api_count"),
        ("\"archive_count\": 10", "\"archive_count\": -10", "checked[1].archive_count"),
        ("\"gone_at_vendor\": 3", "\"gone_at_vendor\": -3", "checked[1].gone_at_vendor"),
        ("\"unexplained\": 1", "\"unexplained\": -1", "checked[1].unexplained"),
        ("{\"from\": \"2025-02-23\"", "{\"from\": \"2025-02-22\"", "checked[1]"),
        ("{\"from\": \"2025-02-23\"", "{\"from\": \"2025-02-24\"", "checked[1]"),
        ("\"from\": \"2025-01-01\", \"to\"", "\"from\": \"2025-04-01\", \"to\"", "holds[0]"),
        ("\"from\": \"2024-12-01\"", "\"from\": \"2024-12-00\"", "pruned[0].from"),
        ("\"archive_id\": \"9f", "\"archive_id\": \"9F", "archive_id"),
        ("\"archive_id\": \"9f", "\"archive_id\": \"f", "archive_id"),
        ("\"synced_to\": \"2025", "\"synced_to\": \"25", "synced_to"),
        ("\"complete_through\": \"2025", "\"complete_through\": \"25", "complete_through"),
        ("\"archived_at\": \"2026-11-22", "\"archived_at\": \"2026-11-32", "files[0].archived_at"),
        ("\"replaces\": 2", "\"replaces\": -2", "files[1].replaces"),
        ("\"records\": 7,", "\"records\": -7,", "files[0].records"),
        ("\"size\": 1100,", "\"size\": -1,", "totals.size"),
        ("\"sha256\": \"a1a1", "\"sha256\": \"A1A1", "files[0].sha256"),
        ("\"sha256\": \"a1a1", "\"sha256\": \"a1", "files[0].sha256"),
        ("\"audit_logs/date=2025-02-24", "\"../audit_logs/date=2025-02-24", "files[2].path"),
        ("\"audit_logs/date=2025-02-24", "\"/audit_logs/date=2025-02-24", "files[2].path"),
        ("\"quarantine/q", "\"quarantine/../../q", "quarantine[0].path"),
        ("\"date\": \"2025-02-24\", \"gen", "\"date\": \"2025-02-23\", \"gen", "files[2]"),
        ("\"generation\": 41,", "\"generation\": 40,", "files[0]"),
        ("\"generation\": 40,", "\"generation\": 39,", "quarantine[0]"),
        (
            "-000041-00.ndjson.gz\", \"date\": \"2025-02-23\", \"generation\": 41",
            "-000042-00.ndjson.gz\", \"date\": \"2025-02-23\", \"generation\": 42", "files[1]"
        ),
        (
            "-000041-00.ndjson.gz\", \"date\": \"2025-02-23\", \"generation\": 41",
            "-000042-01.ndjson.gz\", \"date\": \"2025-02-23\", \"generation\": 42", "files[1]"
        ),
        ("-000040-00.ndjson.gz\", \"generation\": 40", "-000043-00.ndjson.gz\", \"generation\": 43", "generation")
    ])
    func wrongValue(old: String, new: String, key: String) {
        expectRefusal(replacing: old, with: new, key)
    }

    @Test func quarantineFileTwice() throws {
        let entry = try #require(Manifest.sample.text.split(separator: "\n").first { $0.contains("\"quarantine/") })
        expectRefusal(replacing: String(entry), with: "\(entry),\n\(entry)", "quarantine[1]")
    }

    @Test(arguments: [0, 3, 99])
    func unknownVersion(version: Int) {
        let text = Manifest.sample.text.replacing("\"format_version\": 2", with: "\"format_version\": \(version)")
        #expect(throws: ManifestError.unknownVersion(version)) { try Manifest(decoding: Array(text.utf8)) }
    }

    @Test(arguments: ["", " ", "{", "[]", "null", "{}x", "\u{FEFF}{}", "{\"format\": }"])
    func notAManifest(text: String) {
        #expect(throws: ManifestError.self) { try Manifest(decoding: Array(text.utf8)) }
    }

    @Test func cutAnywhere() {
        let bytes = Manifest.sample.encoded()
        for length in 0..<bytes.count - 1 where (try? Manifest(decoding: Array(bytes.prefix(length)))) != nil {
            // The white space behind the last bracket is the only part that may go.
            Issue.record("a manifest cut to \(length) of \(bytes.count) bytes is taken")
        }
    }

    @Test(arguments: ["{", "{\"format\": \"captivateiq-audit-archive\", \"format_version\": 3}"])
    func damageIsReportedAndNothingChanged(text: String) async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z"))
            try archive.replace("manifest.json", Array(text.utf8))
            let before = try FileTree(archive.layout.root)
            let archive = archive
            let error = #expect(throws: ArchiveError.self) { try archive.open() }
            let expected: ArchiveError.Kind = text.count > 1 ? .unknownVersion : .damaged
            #expect(error?.kind == expected)
            #expect(error?.path == archive.layout.manifest)
            let found = await #expect(throws: ArchiveError.self) { try await archive.faults() }
            #expect(found?.kind == expected)
            #expect(try FileTree(archive.layout.root).withoutLock == before.withoutLock)
        }
    }

    private func expectRefusal(
        replacing old: String, with new: String, _ key: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let text = Manifest.sample.text
        guard let range = text.firstRange(of: old) else {
            Issue.record("the sample has no \(old)", sourceLocation: sourceLocation)
            return
        }
        do {
            _ = try Manifest(decoding: ManifestText.sealed(text.replacingCharacters(in: range, with: new)))
            Issue.record("taken in spite of \(key)", sourceLocation: sourceLocation)
        } catch {
            guard case .invalid(key: key, reason: _) = error else {
                Issue.record("expected \(key), got \(error)", sourceLocation: sourceLocation)
                return
            }
        }
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        self[..<range.lowerBound] + text + self[range.upperBound...]
    }
}
