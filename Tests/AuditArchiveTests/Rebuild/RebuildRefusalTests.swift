import ArchiveTestSupport
@testable import AuditArchive
import CivilTime
import Glibc
import SystemPackage
import Testing
import TestSupport

@Suite("A rebuild refuses")
struct RebuildRefusalTests {
    private static let first = "audit_logs/date=2025-02-22/audit_logs-2025-02-22-000001-00.ndjson.gz"
    private static let last = "audit_logs/date=2025-02-28/audit_logs-2025-02-28-000003-00.ndjson.gz"
    private static let aside = "quarantine/quarantine-000002-00.ndjson.gz"

    /// Damages an archive and expects these faults, and that nothing was changed.
    private func expect(
        _ faults: [(ArchiveFault.Kind, String)], _ damage: (TestArchive) async throws -> Void
    ) async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await RebuildTests.fill(archive)
            try await damage(archive)
            let before = try FileTree(archive.layout.root).withoutLock
            let report = try await archive.rebuild()
            #expect(report.manifest == nil)
            #expect(report.faults.map { "\($0.kind) \($0.path)" } == faults.map { "\($0) \($1)" })
            #expect(try FileTree(archive.layout.root).withoutLock == before)
        }
    }

    @Test("damaged files, and lists all of them")
    func damagedFiles() async throws {
        try await expect([(.gzip, Self.first), (.trailingBytes, Self.last), (.gzip, Self.aside)]) { archive in
            try archive.replace(Self.first, archive.bytes(Self.first).dropLast(5))
            try archive.replace(Self.last, archive.bytes(Self.last) + [0])
            var bytes = try archive.bytes(Self.aside)
            bytes[bytes.count / 2] ^= 0x10
            try archive.replace(Self.aside, bytes)
        }
    }

    @Test("a file whose generation could have no successor")
    func lastGeneration() async throws {
        let path = "audit_logs/date=2025-02-28/audit_logs-2025-02-28-\(Int.max)-00.ndjson.gz"
        try await expect([(.strayFile, path)]) { archive in try archive.replace(path, archive.bytes(Self.last)) }
    }

    @Test("any byte of a data file changed that is no free field of the gzip header, or the lines are the same")
    func anyByte() async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(TestEvent.run(0..<3, from: "2025-02-22T10:00:00Z"))
            let sound = try archive.bytes(Self.first)
            let lines = try archive.lines()
            for index in sound.indices {
                var bytes = sound
                bytes[index] ^= 1
                try archive.replace(Self.first, bytes)
                let report = try await archive.rebuild()
                if report.faults.isEmpty { #expect(try archive.lines() == lines, "byte \(index)") }
            }
        }
    }

    @Test("stray files and folders")
    func strays() async throws {
        try await expect(
            [
                (.strayFolder, "audit_logs/date"), (.strayFile, "audit_logs/date=2025-02-22/x"),
                (.strayFile, "x")
            ].sorted { $0.1 < $1.1 }
        ) { archive in
            try archive.replace("x", [])
            try archive.replace("audit_logs/date=2025-02-22/x", [])
            try archive.fileSystem.createDirectory(archive.layout.absolute("audit_logs/date"))
        }
    }

    @Test("events of two organizations")
    func organizations() async throws {
        try await expect([(.organization, Self.last)]) { archive in
            var batch = EventBatch(date: "2025-02-28")
            let line = #"{"id":"x","created_at":"2025-02-28T10:00:00Z","organization_id":"org_2"}"#
            batch.append(line: line.utf8.span.bytes, time: "2025-02-28T10:00:00Z", id: "x".utf8.span.bytes)
            try await withArchive { other in
                for number in 1...2 { try await other.commit([TestEvent(number, at: "2025-02-01T00:00:0\(number)Z")]) }
                try await other.commit([batch], TestArchive.facts())
                try archive.replace(Self.last, other.bytes(Self.last))
            }
        }
    }

    @Test("a file without events")
    func noEvents() async throws {
        try await expect([(.records, Self.last)]) { archive in
            // An empty member as gzip writes it.
            try archive.replace(Self.last, [31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        }
    }

    @Test("files that the old manifest has otherwise are named, and their times are fetched again")
    func lost() async throws {
        try await withArchive { archive in
            try await RebuildTests.fill(archive, keepsEvidence: true)
            try archive.fileSystem.remove(archive.layout.absolute(Self.last))
            try removeFolder(archive.layout.absolute("audit_logs/date=2025-02-28"))
            let report = try await archive.rebuild()
            #expect(report.lost == [Self.last])
            #expect(
                try archive.manifest().pending
                    == RangeSet([Range(from: "2025-02-28T10:00:00Z", to: "2025-02-28T10:00:04.000001Z")]))
        }
    }

    @Test("a place without an archive, and makes nothing there")
    func nothingThere() async throws {
        try await withTemporaryDirectory { path in
            let archive = TestArchive(layout: ArchiveLayout(root: FilePath(path)))
            let error = await #expect(throws: ArchiveError.self) { try await archive.rebuild() }
            #expect(error?.kind == .absent)
            let left = try FileTree(FilePath(path)).entries
            #expect(left.isEmpty)
            let missing = TestArchive(layout: ArchiveLayout(root: FilePath(path).appending("a/b")))
            await #expect(throws: ArchiveError.self) { try await missing.rebuild() }
            let still = try FileTree(FilePath(path)).entries
            #expect(still.isEmpty)
        }
    }

    @Test("an archive without files and manifest")
    func noFiles() async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit([TestEvent(1, at: "2025-02-22T10:00:00Z")])
            try archive.fileSystem.remove(archive.layout.absolute(Self.first))
            try removeFolder(archive.layout.absolute("audit_logs/date=2025-02-22"))
            try archive.loseManifestAndHint()
            // Else the evidence would tell.
            try archive.fileSystem.remove(archive.layout.logDirectory.appending("2025-03-01.ndjson"))
            try archive.fileSystem.remove(archive.layout.evidenceEdge)
            let error = await #expect(throws: ArchiveError.self) { try await archive.rebuild() }
            #expect(error?.kind == .damaged)
            #expect(error?.hint.contains("--backfill-start-time") == true)
        }
    }

    @Test("a manifest of a later format")
    func laterFormat() async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await RebuildTests.fill(archive)
            try archive.editManifestText("\"format_version\": 2", "\"format_version\": 3")
            let error = await #expect(throws: ArchiveError.self) { try await archive.rebuild() }
            #expect(error?.summary.contains("format version 3") == true)
        }
    }

    @Test("an archive that another process holds")
    func locked() async throws {
        try await withArchive { archive in
            try await RebuildTests.fill(archive)
            let session = try archive.open(processID: 99)
            let error = await #expect(throws: ArchiveError.self) { try await archive.rebuild() }
            #expect(error?.kind == .locked)
            #expect(error?.summary.contains("process 99") == true)
            await session.close()
        }
    }
}

private func removeFolder(_ path: FilePath) throws {
    try #require(path.withPlatformString { rmdir($0) } == 0)
}
