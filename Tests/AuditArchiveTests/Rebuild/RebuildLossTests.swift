import ArchiveTestSupport
@testable import AuditArchive
import CivilTime
import SystemPackage
import Testing

/// What witnesses name and the files do not bear out.
@Suite("A rebuild that misses something")
struct RebuildLossTests {
    private static let day = "audit_logs/date=2025-02-23"

    private func removeDay(_ archive: TestArchive) throws {
        let folder = archive.layout.absolute(Self.day)
        for name in try archive.fileSystem.names(in: folder) { try archive.fileSystem.remove(folder.appending(name)) }
        try archive.fileSystem.removeDirectory(folder)
    }

    @Test("after a day's folder was deleted names it, and has it fetched again", arguments: [true, false])
    func deletedDay(hasManifest: Bool) async throws {
        try await withArchive { archive in
            try await RebuildTests.fill(archive)
            let manifest = try archive.manifest()
            try removeDay(archive)
            if !hasManifest { try archive.fileSystem.remove(archive.layout.manifest) }
            let report = try await archive.rebuild()
            #expect(report.isIncomplete)
            let gone = manifest.files.map(\.name.path).filter { $0.hasPrefix(Self.day) }
            #expect(report.lost == (hasManifest ? gone : [Self.day]))
            let pending = try archive.manifest().pending
            for file in manifest.files where file.name.date == "2025-02-23" {
                #expect(
                    pending.ranges.contains { times in
                        times.contains(file.firstEventTimestamp) && times.contains(file.lastEventTimestamp)
                    })
            }
            #expect(pending.ranges.allSatisfy { $0.lowerBound.day == "2025-02-23" })
            #expect(try archive.manifest().checked.allSatisfy { !$0.contains("2025-02-23") })
        }
    }

    @Test("takes the empty folder of a day for the loss of its files, and not for damage")
    func emptiedDay() async throws {
        try await withArchive { archive in
            try await RebuildTests.fill(archive)
            let folder = archive.layout.absolute(Self.day)
            for name in try archive.fileSystem.names(in: folder) {
                try archive.fileSystem.remove(folder.appending(name))
            }
            let report = try await archive.rebuild()
            #expect(report.faults == [] && report.isIncomplete)
            #expect(report.lost.allSatisfy { $0.hasPrefix(Self.day) } && !report.lost.isEmpty)
            #expect(try archive.manifest().pending.ranges.allSatisfy { $0.lowerBound.day == "2025-02-23" })
            #expect(try archive.fileSystem.status(of: folder) == nil)
            #expect(try await archive.faults() == [])
        }
    }

    @Test("takes the empty folder of the quarantine for the loss of its files, and not for damage")
    func emptiedQuarantine() async throws {
        try await withArchive { archive in
            try await archive.commit([TestEvent(1, at: "2025-02-23T10:00:00Z")], quarantine: ["7"])
            let folder = archive.layout.quarantineDirectory
            for name in try archive.fileSystem.names(in: folder) {
                try archive.fileSystem.remove(folder.appending(name))
            }
            let report = try await archive.rebuild()
            #expect(report.faults == [] && report.isIncomplete && !report.lost.isEmpty)
            #expect(try archive.fileSystem.status(of: folder) == nil)
            #expect(try await archive.faults() == [])
        }
    }

    @Test("notes newer than the files hide nothing")
    func newerNotes() async throws {
        try await withArchive { archive in
            try await RebuildTests.fill(archive)
            let manifest = try archive.manifest()
            // The archive is put back as it was two commits ago, but for the private folder.
            for file in manifest.files where file.name.generation > 1 {
                try archive.fileSystem.remove(archive.layout.absolute(file.name.path))
                let folder = archive.layout.absolute(DataFileName.directory(of: file.name.date))
                if try archive.fileSystem.names(in: folder).isEmpty { try archive.fileSystem.removeDirectory(folder) }
            }
            try archive.fileSystem.remove(archive.layout.manifest)
            let report = try await archive.rebuild()
            #expect(report.source == .hint && report.isIncomplete)
            #expect(report.lost == ["2025-02-22", "2025-02-23", "2025-02-28"].map { "audit_logs/date=\($0)" })
            #expect(try archive.manifest().generation == 4)
        }
    }

    @Test("keeps what was pruned, held and compared, by the notes")
    func notesOfOtherCommands() async throws {
        try await withArchive { archive in
            try await RebuildTests.fill(archive)
            try archive.editManifest { manifest in
                manifest.holds = Manifest.sample.holds
                manifest.pruned = Manifest.sample.pruned
                manifest.syncedTo = "2025-02-28T10:00:00Z"
            }
            var facts = TestArchive.facts()
            facts.checks = [
                CheckedRun(
                    from: "2025-02-22", to: "2025-02-27", checkedAt: "2025-03-01T00:00:00Z", apiCount: 40,
                    archiveCount: 40)
            ]
            try await archive.commit([], facts)
            try archive.dropEvidence()
            let before = try archive.manifest()
            try archive.fileSystem.remove(archive.layout.manifest)
            let report = try await archive.rebuild()
            #expect(!report.isIncomplete)
            let after = try archive.manifest()
            #expect(after.holds == before.holds && after.pruned == before.pruned)
            #expect(after.checked == before.checked && after.syncedTo == before.syncedTo)
            #expect(after.partitions == before.partitions)
        }
    }

    @Test("does not ask for pruned dates again")
    func prunedDates() async throws {
        try await withArchive { archive in
            try await RebuildTests.fill(archive)
            try archive.editManifest { manifest in
                manifest.pruned = [
                    PrunedRun(
                        from: "2025-02-22", to: "2025-02-23", records: 40, prunedAt: "2025-03-01T00:00:00Z",
                        reason: "old")
                ]
            }
            try removeDay(archive)
            _ = try await archive.rebuild()
            #expect(try archive.manifest().pending.isEmpty)
        }
    }
}
