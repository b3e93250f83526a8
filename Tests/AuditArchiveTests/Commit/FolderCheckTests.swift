import ArchiveTestSupport
@testable import AuditArchive
import SystemPackage
import Testing

/// A session notices files that do not belong to the manifest it found.
@Suite("A session compares folders with the manifest")
struct FolderCheckTests {
    private static let file = "audit_logs/date=2025-02-23/audit_logs-2025-02-23-000001-00.ndjson.gz"

    /// What is wrong by a session that has nothing new, and by one that adds to the date.
    private func errors(_ archive: TestArchive) async throws -> [ArchiveError?] {
        var errors: [ArchiveError?] = []
        for events in [[], [TestEvent(99, at: "2025-02-23T12:00:00Z")]] {
            let before = try archive.manifest()
            do {
                try await archive.commit(events)
                errors.append(nil)
            } catch {
                errors.append(error as? ArchiveError)
                #expect(try archive.manifest() == before)
            }
        }
        return errors
    }

    private func expectDamage(_ path: String, touchedOnly: Bool = false, _ archive: TestArchive) async throws {
        for (index, error) in try await errors(archive).enumerated() where !touchedOnly || index == 1 {
            #expect(error?.kind == .damaged && error?.path == archive.layout.absolute(path), "\(index)")
        }
    }

    @Test("files of a newer commit than the manifest, and a rebuild takes them in")
    func olderManifest() async throws {
        try await withArchive { archive in
            try await archive.commit(TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z"))
            let manifest = try archive.bytes("manifest.json")
            try await archive.commit(TestEvent.run(3..<5, from: "2025-02-23T11:00:00Z"))
            let whole = try archive.lines()
            try archive.replace("manifest.json", manifest)
            let stray = Self.file.replacing("000001", with: "000002")
            try await expectDamage(stray, archive)
            #expect(try await errors(archive).allSatisfy { $0?.hint.contains("captivateiq-export rebuild") == true })
            let report = try await archive.rebuild()
            #expect(!report.isIncomplete && report.duplicates == 0)
            #expect(try archive.lines() == whole)
        }
    }

    @Test("a folder of a date that the manifest does not know")
    func unknownDate() async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z"))
            let stray = Self.file.replacing("02-23", with: "02-24")
            try archive.fileSystem.createDirectory(archive.layout.absolute("audit_logs/date=2025-02-24"))
            // Empty it hides nothing.
            #expect(try await archive.commit([]) == nil)
            try archive.replace(stray, archive.bytes(Self.file))
            try await expectDamage(stray, archive)
        }
    }

    @Test("a file that is gone")
    func missingFile() async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z"))
            try archive.fileSystem.remove(archive.layout.absolute(Self.file))
            try await expectDamage(Self.file, archive)
            try archive.fileSystem.removeDirectory(archive.layout.absolute("audit_logs/date=2025-02-23"))
            for error in try await errors(archive) { #expect(error?.kind == .damaged) }
        }
    }

    @Test("a file of another size, of the dates that it works on")
    func otherSize() async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z"))
            try archive.replace(Self.file, archive.bytes(Self.file) + [0])
            try await expectDamage(Self.file, touchedOnly: true, archive)
        }
    }

    @Test("not what a copy program has not finished")
    func unfinishedCopy() async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z"))
            try archive.replace("audit_logs/date=2025-02-23/.x.ndjson.gz.Ab3dE9", [])
            #expect(try await errors(archive).allSatisfy { $0 == nil })
        }
    }

    @Test("each in its turn, a few a session")
    func inTurn() async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(
                (1...20).map { TestEvent($0, at: "2025-01-\($0 < 10 ? "0" : "")\($0)T10:00:00Z") })
            try archive.replace("audit_logs/date=2025-01-13/x.ndjson.gz", [])
            var refusals = 0
            for _ in 1...6 {
                do { _ = try await archive.commit([]) } catch { refusals += 1 }
            }
            #expect(refusals == 5, "found by the second session, 8 of 20 folders at a time, and not passed over since")
        }
    }

    @Test("and never uses a generation again that a note or a name knows", arguments: ["notes", "freshness", "name"])
    func generations(witness: String) async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z"))
            if witness == "freshness" { try archive.replace("freshness.json", Array(#"{"generation": 7}"#.utf8)) }
            if witness == "notes" {
                let notes = String(decoding: try archive.bytes(TestArchive.hintPath), as: UTF8.self)
                try archive.replace(
                    TestArchive.hintPath, Array(notes.replacing("\"generation\": 1,", with: "\"generation\": 7,").utf8))
            }
            if witness == "name" {
                // In a folder that is looked at by the way: the name alone counts.
                try archive.fileSystem.createDirectory(archive.layout.absolute("audit_logs/date=2025-02-24"))
                let session = try archive.open()
                try archive.replace("audit_logs/date=2025-02-24/audit_logs-2025-02-24-000007-00.ndjson.gz", [])
                await #expect(throws: ArchiveError.self) { try await session.checkFiles(of: ["2025-02-24"]) }
                try archive.fileSystem.remove(
                    archive.layout.absolute("audit_logs/date=2025-02-24/audit_logs-2025-02-24-000007-00.ndjson.gz"))
                try await session.stage(EventBatch([TestEvent(9, at: "2025-02-23T12:00:00Z")], date: "2025-02-23"))
                #expect(try await session.commit(TestArchive.facts())?.generation == 8)
                return await session.close()
            }
            #expect(try await archive.commit([TestEvent(9, at: "2025-02-23T12:00:00Z")])?.generation == 8)
            #expect(try archive.manifest().files.last?.name.generation == 8)
        }
    }
}
