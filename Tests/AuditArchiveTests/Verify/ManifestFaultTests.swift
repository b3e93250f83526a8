@testable import AuditArchive
import CivilTime
import Testing

/// Manifests that can be read and do not agree with themselves or the files.
@Suite struct ManifestFaultTests {
    private func faults(_ change: (TestArchive) throws -> Void) async throws -> [ArchiveFault] {
        var faults: [ArchiveFault] = []
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(
                TestEvent.run(0..<5, from: "2025-02-23T10:00:00Z") + TestEvent.run(5..<8, from: "2025-02-24T10:00:00Z"))
            try archive.dropEvidence()
            try change(archive)
            faults = try await archive.faults()
        }
        return faults
    }

    @Test(arguments: ["\"files\": 2", "\"records\": 8", "\"size\": ", "\"uncompressed_size\": "])
    func totals(text: String) async throws {
        let faults = try await faults { archive in
            let line = try #require(manifestText(archive).split(separator: "\n").first { $0.contains("\"totals\"") })
            try archive.editManifestText(String(line), String(line).replacing(text, with: text + "9"))
        }
        #expect(faults.map(\.kind) == [.totals])
        #expect(faults.first?.path == "manifest.json")
    }

    private func manifestText(_ archive: TestArchive) throws -> String {
        String(decoding: try archive.bytes("manifest.json"), as: UTF8.self)
    }

    @Test func recordsOfAFile() async throws {
        let faults = try await faults { try $0.editManifest { $0.files[0].records = 6 } }
        #expect(faults.map(\.kind) == [.records, .partitionRecords])
        #expect(faults.first?.detail == "has 5 lines, the manifest says 6")
    }

    @Test func sizesOfAFile() async throws {
        let faults = try await faults { archive in
            try archive.editManifest { manifest in
                manifest.files[0].size += 1
                manifest.files[1].uncompressedSize -= 1
            }
        }
        #expect(faults.map(\.kind) == [.size, .uncompressedSize])
    }

    @Test func checksumOfAFile() async throws {
        let faults = try await faults { try $0.editManifest { $0.files[0].sha256 = .empty } }
        #expect(faults.map(\.kind) == [.sha256])
    }

    @Test func timestampsOfAFile() async throws {
        let faults = try await faults { archive in
            try archive.editManifest { $0.files[0].firstEventTimestamp = "2025-02-23T10:00:00.000001Z" }
        }
        #expect(faults.map(\.kind) == [.eventTimestamps])
        let turned = try await self.faults { archive in
            try archive.editManifest { $0.files[0].firstEventTimestamp = "2025-02-23T11:00:00Z" }
        }
        #expect(turned.map(\.kind) == [.eventTimestamps, .eventTimestamps])
    }

    @Test func partitions() async throws {
        let records = try await faults { try $0.editManifest { $0.partitions[0].records = 4 } }
        #expect(
            records.map(\.description) == [
                "manifest.json: the partition 2025-02-23 has 4 records, but its files make 5"
            ])
        let missing = try await faults { try $0.editManifest { $0.partitions.removeLast() } }
        #expect(missing.map(\.description) == ["manifest.json: there are files for 2025-02-24, but no partition"])
        let extra = try await faults { archive in
            try archive.editManifest { $0.partitions.append(Partition(date: "2025-02-25", state: .open, records: 0)) }
        }
        #expect(extra.map(\.description) == ["manifest.json: the partition 2025-02-25 has no files"])
    }

    @Test(arguments: [nil, "2025-02-24T10:00:01Z", "2025-02-24T10:00:03Z"] as [String?])
    func lastEventTimestamp(text: String?) async throws {
        let faults = try await faults { archive in
            try archive.editManifest { $0.lastEventTimestamp = text.flatMap { Timestamp(rfc3339: $0) } }
        }
        #expect(faults.map(\.kind) == [.lastEventTimestamp])
    }

    @Test func eventsAfterWrittenAtDoNotCount() async throws {
        let faults = try await faults { try $0.editManifest { $0.writtenAt = "2025-02-24T10:00:00.5Z" } }
        #expect(faults.map(\.kind) == [.lastEventTimestamp])
        #expect(faults.first?.detail.hasSuffix("is of 2025-02-24T10:00:00.000000Z") == true)
    }

    @Test func fileThatTheManifestForgets() async throws {
        let faults = try await faults { archive in
            try archive.editManifest { manifest in
                manifest.files.removeLast()
                manifest.partitions.removeLast()
                manifest.lastEventTimestamp = "2025-02-23T10:00:04Z"
            }
        }
        #expect(faults.map(\.kind) == [.strayFolder, .strayFile])
    }
}
