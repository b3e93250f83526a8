import ArchiveTestSupport
@testable import AuditArchive
import CivilTime
import SystemPackage
import Testing

/// Archives of three dates and a quarantine in three commits, whose manifests are damaged in various ways.
@Suite("Rebuilding the manifest")
struct RebuildTests {
    static let events =
        TestEvent.run(0..<40, from: "2025-02-22T23:59:30Z").map { event in
            TestEvent(
                id: event.id, createdAt: event.createdAt,
                line: event.line.replacing("{\"id\"", with: "{\"organization_id\":\"org_1\",\"id\""))
        } + TestEvent.run(40..<45, from: "2025-02-28T10:00:00Z")

    static func fill(_ archive: TestArchive, keepsEvidence: Bool = false) async throws {
        try await archive.commit(Array(events[..<20]), now: "2025-02-24T00:00:00Z")
        try await archive.commit(Array(events[20..<35]), quarantine: ["1", "[2]"], now: "2025-02-25T00:00:00Z")
        try await archive.commit(Array(events[35...]), now: "2025-03-01T00:00:00Z")
        // What a rebuild takes from the evidence has tests of its own.
        if !keepsEvidence { try archive.dropEvidence() }
    }

    /// How the manifest is lost.
    enum Loss: CaseIterable, Sendable {
        case deleted, empty, cut, nonsense, nothing
    }

    private func lose(_ archive: TestArchive, _ loss: Loss) throws {
        let path = "manifest.json"
        let bytes = try archive.bytes(path)
        switch loss {
        case .deleted: try archive.fileSystem.remove(archive.layout.manifest)
        case .empty: try archive.replace(path, [])
        case .cut: try archive.replace(path, Array(bytes.dropLast(bytes.count / 3)))
        case .nonsense: try archive.editManifestText("\"generation\": 3", "\"generation\": \"3\"")
        case .nothing: break
        }
    }

    @Test("gives the manifest that was lost, but for generation, time and what a hint has", arguments: Loss.allCases)
    func sameManifest(loss: Loss) async throws {
        try await withArchive { archive in
            try await Self.fill(archive)
            let before = try archive.manifest()
            try lose(archive, loss)
            let tree = try FileTree(archive.layout.dataDirectory)
            let report = try await archive.rebuild()
            #expect(report.faults.isEmpty && report.lost.isEmpty)
            #expect(report.source == (loss == .nothing ? .manifest : .hint))
            var after = try archive.manifest()
            #expect(report.manifest == after)
            #expect(after.generation == before.generation + 1)
            (after.generation, after.writtenAt, after.writer) = (before.generation, before.writtenAt, before.writer)
            after.digest = before.digest
            (after.evidence, after.digestAboveEvidence) = (before.evidence, before.digestAboveEvidence)
            if loss != .nothing {
                // Only the manifest tells when a file came.
                #expect(after.files.allSatisfy { $0.archivedAt == nil })
                for index in after.files.indices { after.files[index].archivedAt = before.files[index].archivedAt }
            }
            #expect(after == before)
            #expect(try FileTree(archive.layout.dataDirectory) == tree)
        }
    }

    @Test("the archive takes commits afterwards")
    func commitAfterwards() async throws {
        try await withArchive { archive in
            try await Self.fill(archive)
            try lose(archive, .deleted)
            try await archive.rebuild()
            try await archive.commit(TestEvent.run(50..<53, from: "2025-02-28T11:00:00Z"), now: "2025-03-02T00:00:00Z")
            #expect(try archive.manifest().generation == 5)
            #expect(try archive.lines().count == 48)
        }
    }

    @Test("without a hint the first event is the start, and all has to be walked again")
    func withoutHint() async throws {
        try await withArchive { archive in
            try await Self.fill(archive)
            try archive.loseManifestAndHint()
            let report = try await archive.rebuild()
            #expect(report.source == .events && report.isIncomplete && report.lost.isEmpty)
            let manifest = try archive.manifest()
            #expect(manifest.generation == 4)
            #expect(manifest.startTimestamp == "2025-02-22T23:59:30Z")
            #expect(
                manifest.pending
                    == RangeSet([Range(from: "2025-02-22T23:59:30Z", to: "2025-02-28T10:00:04.000001Z")]))
            #expect(manifest.organization == ArchiveOrganization(id: "org_1", name: ""))
            #expect(manifest.lastEventTimestamp == "2025-02-28T10:00:04Z")
        }
    }

    @Test("an event at the end of the calendar leaves a manifest that can be read")
    func endOfTime() async throws {
        try await withArchive { archive in
            try await archive.commit([TestEvent(1, at: "9999-12-31T23:59:59.999999Z")])
            try archive.loseManifestAndHint()
            try await archive.rebuild()
            #expect(try archive.manifest().totals.records == 1)
        }
    }

    @Test("a hint older than the newest file counts for what it knows")
    func oldHint() async throws {
        try await withArchive { archive in
            try await archive.commit(Array(Self.events[..<20]), now: "2025-02-24T00:00:00Z")
            let (hint, before) = (try archive.bytes(TestArchive.hintPath), try archive.manifest())
            try await archive.commit(Array(Self.events[20...]))
            try archive.replace(TestArchive.hintPath, hint)
            try lose(archive, .deleted)
            let report = try await archive.rebuild()
            #expect(report.source == .hint && !report.isIncomplete)
            let manifest = try archive.manifest()
            #expect(manifest.completeThrough == before.completeThrough && manifest.archiveID == before.archiveID)
            #expect(manifest.pending.isEmpty && manifest.totals.records == Self.events.count)
        }
    }

    @Test("a start that was moved back since an old hint leaves a gap to be read")
    func startMovedBack() async throws {
        try await withArchive { archive in
            try await Self.fill(archive)
            let hint = try archive.bytes(TestArchive.hintPath)
            var facts = TestArchive.facts()
            facts.startTimestamp = "2024-06-01T00:00:00Z"
            try await archive.commit(
                [EventBatch([TestEvent(99, at: "2024-12-01T10:00:00Z")], date: "2024-12-01")], facts)
            try archive.replace(TestArchive.hintPath, hint)
            try lose(archive, .deleted)
            try await archive.rebuild()
            #expect(
                try archive.manifest().pending
                    == RangeSet([Range(from: "2024-12-01T10:00:00Z", to: "2025-01-01T00:00:00Z")]))
        }
    }

    @Test("a hint that is nonsense is not believed", arguments: ["", "{", "[]", "{\"generation\": 9}"])
    func nonsenseHint(text: String) async throws {
        try await withArchive { archive in
            try await Self.fill(archive)
            try archive.replace(TestArchive.hintPath, Array(text.utf8))
            try lose(archive, .deleted)
            #expect(try await archive.rebuild().source == .events)
        }
    }

    @Test("the hint has what is left to fetch, and the newest generation also of commits without files")
    func pending() async throws {
        try await withArchive { archive in
            try await Self.fill(archive)
            var facts = TestArchive.facts(now: "2025-03-02T00:00:00Z")
            facts.pending = RangeSet([Range(from: "2025-01-01T00:00:00Z", to: "2025-01-05T00:00:00Z")])
            try await archive.commit([], facts)
            try lose(archive, .deleted)
            try await archive.rebuild()
            let manifest = try archive.manifest()
            #expect(manifest.generation == 5)
            #expect(manifest.pending == facts.pending)
            #expect(manifest.startTimestamp == facts.startTimestamp)
        }
    }

    @Test("what was learnt from the API stays where the old manifest can be read")
    func checks() async throws {
        try await withArchive { archive in
            try await Self.fill(archive)
            try archive.editManifest { manifest in
                manifest.checked = [
                    CheckedRun(
                        from: "2025-02-22", to: "2025-02-23", checkedAt: "2025-03-01T00:00:00Z", apiCount: 35,
                        archiveCount: 40, difference: -5)
                ]
            }
            let checked = try archive.manifest().checked
            try await archive.rebuild()
            #expect(try archive.manifest().checked == checked)
        }
    }

    @Test("a commit that was past its point of no return is finished first")
    func journal() async throws {
        let memory = MemoryFileSystem()
        let archive = TestArchive(layout: SmallSync.layout, fileSystem: memory)
        try await archive.commit(SmallSync.old)
        let dying = TestArchive(
            layout: SmallSync.layout,
            fileSystem: FaultyFileSystem(memory, .first(.unlink, "journal.json"), .fails(.ioError)))
        await #expect(throws: ArchiveError.self) { try await dying.commit(SmallSync.new) }
        try memory.remove(SmallSync.layout.manifest)
        let report = try await archive.rebuild()
        #expect(report.manifest?.totals.records == SmallSync.old.count + SmallSync.new.count)
        #expect(try memory.status(of: SmallSync.layout.journal) == nil)
        #expect(try await archive.faults() == [])
    }
}

extension TestArchive {
    static let hintPath = ".captivateiq-export/manifest-facts.json"

    /// Rebuilds the manifest.
    @discardableResult
    func rebuild(now: Timestamp = now) async throws -> RebuildReport {
        try await ArchiveRebuild(layout, writer: "tests", fileSystem: fileSystem, processID: 1)
            .run(now: now, parallelism: 3)
    }

    func loseManifestAndHint() throws {
        try fileSystem.remove(layout.manifest)
        try fileSystem.remove(layout.absolute(Self.hintPath))
    }
}
