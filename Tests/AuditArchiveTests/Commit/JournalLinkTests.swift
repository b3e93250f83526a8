import ArchiveTestSupport
@testable import AuditArchive
import CivilTime
import SystemPackage
import Testing

/// Journals that do not belong to what they are found beside.
@Suite("A journal of an unfinished commit")
struct JournalLinkTests {
    private static let journal = ".captivateiq-export/journal.json"
    private static let staging = ".captivateiq-export/staging"
    private static let stagedFile = "audit_logs-2025-02-24-000002-00.ndjson.gz"

    private func point(_ name: String) throws -> RecoveryTests.CrashPoint {
        try #require(RecoveryTests.points.first { $0.name == name })
    }

    private func expectRefusal(_ archive: TestArchive) async throws {
        let before = try FileTree(archive.layout.root).withoutLock
        let error = #expect(throws: ArchiveError.self) { try archive.open() }
        #expect(error?.kind == .damaged && error?.hint.contains("captivateiq-export rebuild") == true)
        #expect(try FileTree(archive.layout.root).withoutLock == before)
        #expect(try await archive.faults().map(\.kind).contains(.journal))
    }

    @Test("that is older than the manifest is refused, and a rebuild drops it")
    func older() async throws {
        try await withArchive { archive in
            try await RecoveryTests.crash(archive, at: point("journal, the manifest is published"))
            let journal = try archive.bytes(Self.journal)
            await (try archive.open()).close()
            try await archive.commit([TestEvent(90, at: "2025-02-25T10:00:00Z")])
            // As a mirror that deletes nothing leaves it.
            try archive.replace(Self.journal, journal)
            let before = try archive.manifest()
            try await expectRefusal(archive)
            #expect(try archive.manifest() == before)
            let report = try await archive.rebuild()
            #expect(report.lost == [] && !report.isIncomplete)
            #expect(try archive.manifest().totals == before.totals)
            try await archive.commit([TestEvent(91, at: "2025-02-26T10:00:00Z")])
        }
    }

    @Test("whose staged file is gone is refused, and a rebuild has its times fetched again", arguments: [true, false])
    func goneFile(hasManifest: Bool) async throws {
        try await withArchive { archive in
            try await RecoveryTests.crash(archive, at: point("journal, all is staged"))
            try archive.fileSystem.remove(archive.layout.absolute("\(Self.staging)/\(Self.stagedFile)"))
            if !hasManifest { try archive.fileSystem.remove(archive.layout.absolute("\(Self.staging)/manifest.json")) }
            try await expectRefusal(archive)
            let report = try await archive.rebuild()
            #expect(report.isIncomplete)
            #expect(report.lost == ["audit_logs/date=2025-02-24/\(Self.stagedFile)"])
            let manifest = try archive.manifest()
            let lost = RecoveryTests.new.filter { $0.time.day == "2025-02-24" }
            #expect(lost.allSatisfy { manifest.pending.contains($0.time) })
            #expect(manifest.pending.ranges.allSatisfy { $0.lowerBound.day == "2025-02-24" })
            #expect(try archive.lines().count == RecoveryTests.old.count + RecoveryTests.new.count - lost.count)
            #expect(try archive.fileSystem.status(of: archive.layout.journal) == nil)
        }
    }

    @Test(
        "whose staged file is not what its manifest says is refused, and a rebuild has its times fetched again",
        arguments: [true, false])
    func damagedFile(isCut: Bool) async throws {
        try await withArchive { archive in
            try await RecoveryTests.crash(archive, at: point("journal, all is staged"))
            let path = "\(Self.staging)/\(Self.stagedFile)"
            var bytes = try archive.bytes(path)
            if isCut { bytes.removeLast(3) } else { bytes[bytes.count / 2] ^= 1 }
            try archive.replace(path, bytes)
            try await expectRefusal(archive)
            let report = try await archive.rebuild()
            #expect(report.isIncomplete)
            #expect(report.lost == ["audit_logs/date=2025-02-24/\(Self.stagedFile)"])
            #expect(try archive.manifest().pending.ranges.allSatisfy { $0.lowerBound.day == "2025-02-24" })
            #expect(try await archive.faults() == [])
        }
    }

    @Test("whose staged manifest is another one is refused")
    func otherManifest() async throws {
        try await withArchive { archive in
            try await RecoveryTests.crash(archive, at: point("journal, all is staged"))
            let text = String(decoding: try archive.bytes("\(Self.staging)/manifest.json"), as: UTF8.self)
            try archive.replace(
                "\(Self.staging)/manifest.json", ManifestText.sealed(text.replacing("Acme Corp", with: "Acme")))
            try await expectRefusal(archive)
            try await archive.rebuild()
            #expect(try archive.lines().count == RecoveryTests.old.count + RecoveryTests.new.count)
        }
    }

    @Test("that cannot be read is refused, and a rebuild drops it")
    func unreadable() async throws {
        try await withArchive { archive in
            try await archive.commit(RecoveryTests.old)
            try archive.replace(Self.journal, [])
            #expect(throws: ArchiveError.self) { try archive.open() }
            try await archive.rebuild()
            #expect(try archive.lines().count == RecoveryTests.old.count)
        }
    }

    @Test("of version 0.1 is finished by its generation", arguments: [(1, true), (2, true), (3, false), (4, false)])
    func version1(generation: Int, isTaken: Bool) async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await RecoveryTests.crash(archive, at: point("journal, all is staged"))
            let lines = String(decoding: try archive.bytes(Self.journal), as: UTF8.self).split(separator: "\n")
            let old = lines.filter { !$0.contains("\"follows\"") && !$0.contains("\"makes\"") }.joined(separator: "\n")
            try archive.replace(Self.journal, Array((old + "\n").utf8))
            // The manifest that it finds; the journal is of generation 2.
            if generation > 1 {
                try archive.editManifest { $0.generation = generation }
            }
            guard isTaken else { return try await expectRefusal(archive) }
            await (try archive.open()).close()
            #expect(try archive.manifest().generation == 2)
            #expect(try archive.lines().count == RecoveryTests.old.count + RecoveryTests.new.count)
        }
    }
}
