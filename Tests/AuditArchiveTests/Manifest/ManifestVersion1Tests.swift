import ArchiveTestSupport
@testable import AuditArchive
import SystemPackage
import Testing

/// Archives of version 1 are read, and taken over by the first commit.
@Suite("A manifest of version 1")
struct ManifestVersion1Tests {
    /// The text that 0.1 would have written for a version 2 manifest.
    static func downgraded(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let new = ["archive_id", "synced_to", "complete_through", "evidence", "sha256_above"]
        lines.removeAll { line in new.contains { line.hasPrefix("  \"\($0)\":") } }
        for key in ["pending", "checked", "holds", "pruned", "quarantine"] {
            guard let first = lines.firstIndex(where: { $0.hasPrefix("  \"\(key)\": [") }) else { continue }
            let isEmpty = lines[first].hasSuffix("[],")
            let last = isEmpty ? first : lines[first...].firstIndex { $0 == "  ]," } ?? first
            // 0.1 wrote these two as well, but not when they were empty.
            guard isEmpty || !["pending", "quarantine"].contains(key) else { continue }
            lines.removeSubrange(first...last)
        }
        return lines.joined(separator: "\n")
            .replacing("\"format_version\": 2", with: "\"format_version\": 1")
            .replacing(#/, "archived_at": "[^"]*"/#, with: "")
            .replacing(#/, "replaces": [0-9]+/#, with: "")
            .replacing("],\n}", with: "]\n}")
    }

    @Test("is read without what it cannot have")
    func read() throws {
        let text = Self.downgraded(Manifest.sample.text)
            .replacing(
                "\"state\": \"closed\", \"records\": 10",
                with: "\"state\": \"closed\", \"records\": 10, \"api_count\": 9, "
                    + "\"checked_at\": \"2025-03-01T00:00:00.000000Z\"")
        let manifest = try Manifest(decoding: Array(text.utf8))
        #expect(manifest.formatVersion == 1 && manifest.archiveID.isEmpty && manifest.digest.count == 64)
        #expect(manifest.syncedTo == nil && manifest.completeThrough == nil)
        #expect(manifest.files.map(\.name) == Manifest.sample.files.map(\.name))
        #expect(manifest.files.allSatisfy { $0.archivedAt == nil })
        #expect(manifest.pending == Manifest.sample.pending && manifest.quarantine == Manifest.sample.quarantine)
        #expect(
            manifest.checked == [
                CheckedRun(
                    from: "2025-02-23", to: "2025-02-23", checkedAt: "2025-03-01T00:00:00Z", apiCount: 9,
                    archiveCount: 10, difference: -1)
            ])
    }

    @Test("is taken over by the first commit, even one with nothing new")
    func takenOver() async throws {
        try await withArchive { archive in
            try await archive.commit([TestEvent(1, at: "2025-02-23T10:00:00Z")])
            try archive.fileSystem.dropEvidence(archive.layout)
            let text = Self.downgraded(String(decoding: try archive.bytes("manifest.json"), as: UTF8.self))
            try archive.replace("manifest.json", Array(text.utf8))
            #expect(try archive.manifest().formatVersion == 1)
            #expect(try await archive.faults() == [])
            #expect(try await archive.commit([])?.generation == 2)
            let manifest = try archive.manifest()
            #expect(manifest.formatVersion == 2 && manifest.archiveID == TestArchive.archiveID)
            #expect(manifest.files.map(\.archivedAt) == [nil])
            #expect(try await archive.commit([]) == nil)
        }
    }
}
