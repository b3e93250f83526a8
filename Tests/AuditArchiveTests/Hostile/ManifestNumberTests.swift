@testable import AuditArchive
import CivilTime
import SystemPackage
import Testing

/// Manifests, journals and file names with numbers and depths that no program writes: refused, never trapped on.
@Suite struct HostileManifestTests {
    static let numbers = ["9223372036854775807", "9007199254740993", "9223372036854775808", "-1", "1e400", "1.5"]
    static let keys = [
        "\"generation\": 42,\n", "\"size\": 700", "\"uncompressed_size\": 3500", "\"records\": 7,", "\"size\": 99",
        "\"records\": 2}", "\"records\": 10}", "\"api_count\": 8,", "\"size\": 1100", "\"files\": 3", "\"replaces\": 2"
    ]

    @Test(arguments: keys, numbers)
    func number(key: String, number: String) throws {
        let text = Manifest.sample.text
        let range = try #require(text.firstRange(of: key))
        let digits = try #require(key.firstRange(of: #/[0-9]+/#))
        let changed = text[..<range.lowerBound] + key.replacingCharacters(in: digits, with: number)
        let whole = ManifestText.sealed(String(changed + text[range.upperBound...]))
        #expect(throws: ManifestError.self) { try Manifest(decoding: whole) }
    }

    @Test(arguments: ["size", "uncompressed_size", "records"])
    func sumsPastTheEnd(key: String) throws {
        let text = Manifest.sample.text.replacing(try Regex("\"\(key)\": [0-9]+"), with: "\"\(key)\": 9007199254740992")
        #expect(throws: ManifestError.self) { try Manifest(decoding: ManifestText.sealed(text)) }
    }

    @Test(arguments: ["9999-12-31T23:59:59.999999Z", "2025-03-01T12:00:00.000001Z", "2025-02-23T10:00:02.000001Z"])
    func newestEventLaterThanCanBe(time: String) async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z"))
            try archive.editManifest { $0.lastEventTimestamp = Timestamp(rfc3339: time) }
            let archive = archive
            #expect(throws: ArchiveError.self) { try archive.open() }
            #expect(try await archive.faults().map(\.kind) == [.lastEventTimestamp])
        }
    }

    @Test func generationThatHasNoSuccessor() {
        var manifest = Manifest.sample
        manifest.generation = .max
        expectRefusal(manifest, "generation")
    }

    @Test(arguments: [
        "audit_logs/date=2025-02-23/audit_logs-2025-02-23-9223372036854775807-00.ndjson.gz",
        "audit_logs/date=2025-02-23/audit_logs-2025-02-23-000001-9223372036854775807.ndjson.gz",
        "quarantine/quarantine-9223372036854775807-00.ndjson.gz",
        "quarantine/quarantine-000001-9223372036854775807.ndjson.gz"
    ])
    func fileNamesWithoutSuccessor(path: String) {
        #expect(DataFileName(path: path) == nil)
        #expect(QuarantineFileName(path: path) == nil)
    }

    @Test(arguments: ["[", #"{"a":"#])
    func depth(bracket: String) async throws {
        let bomb = Array(String(repeating: bracket, count: 1_000_000).utf8)
        for prefix in [
            "", "{\"x\":", "{\"files\":[{\"x\":", "{\"totals\":", "{\"organization\":{\"id\":", "{\"moves\":"
        ] {
            let text = Array(prefix.utf8) + bomb
            #expect(throws: ManifestError.self, "\(prefix)") { try Manifest(decoding: text) }
            try await withArchive(leavingDamage: true) { archive in
                try await archive.commit(TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z"))
                try archive.replace(".captivateiq-export/journal.json", text)
                let archive = archive
                let error = #expect(throws: ArchiveError.self, "\(prefix)") { try archive.open() }
                #expect(error?.kind == .damaged)
                #expect(error?.summary.utf8.count ?? 0 < 300)
            }
        }
    }

    @Test func recordsThatNoMemoryHolds() async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z"))
            try archive.editManifestText("\"records\": 3", "\"records\": 9007199254740992")
            let session = try archive.open()
            #expect(try await session.archivedEvents(of: ["2025-02-23"]).count == 3)
            await session.close()
            #expect(try await archive.faults().contains { $0.kind == .records })
        }
    }

    private func expectRefusal(
        _ manifest: Manifest, _ key: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        do {
            _ = try Manifest(decoding: manifest.encoded())
            Issue.record("taken", sourceLocation: sourceLocation)
        } catch {
            guard case .invalid(key: key, reason: _) = error else {
                Issue.record("\(error)", sourceLocation: sourceLocation)
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
