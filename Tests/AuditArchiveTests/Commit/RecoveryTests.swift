import ArchiveTestSupport
@testable import AuditArchive
import SystemPackage
import Testing

@Suite struct RecoveryTests {
    /// A place in a commit at which the process is gone.
    struct CrashPoint: Sendable, CustomTestStringConvertible {
        var name: String
        var operation: FileSystemError.Operation
        var pathEnd: String
        /// Whether the commit will have happened.
        var isPastReturn: Bool
        /// Whether a journal is left.
        var leavesJournal: Bool

        var testDescription: String { name }
    }

    static let points = [
        CrashPoint(
            name: "staging has a file that was not written", operation: .write,
            pathEnd: "staging/audit_logs-2025-02-24-000002-00.ndjson.gz", isPastReturn: false, leavesJournal: false),
        CrashPoint(
            name: "all is staged, no journal", operation: .rename, pathEnd: ".captivateiq-export/journal.json",
            isPastReturn: false, leavesJournal: false),
        CrashPoint(
            name: "journal, all is staged", operation: .fsync, pathEnd: ".captivateiq-export", isPastReturn: true,
            leavesJournal: true),
        CrashPoint(
            name: "journal, a folder is made", operation: .fsync, pathEnd: "audit_logs", isPastReturn: true,
            leavesJournal: true),
        CrashPoint(
            name: "journal, some is published", operation: .rename,
            pathEnd: "date=2025-02-24/audit_logs-2025-02-24-000002-00.ndjson.gz", isPastReturn: true,
            leavesJournal: true),
        CrashPoint(
            name: "journal, all is published", operation: .rename, pathEnd: "manifest.json", isPastReturn: true,
            leavesJournal: true),
        CrashPoint(
            name: "journal, the manifest is published", operation: .unlink, pathEnd: "journal.json", isPastReturn: true,
            leavesJournal: true)
    ]

    static let old = TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z")
    static let new = TestEvent.run(3..<7, from: "2025-02-23T23:59:58Z")

    /// Commits, and dies at that point of a second commit.
    static func crash(_ archive: TestArchive, at point: CrashPoint) async throws {
        try await archive.commit(old)
        var dying = archive
        let fileSystem = FaultyFileSystem(archive.fileSystem, .first(point.operation, point.pathEnd), .stops)
        dying.fileSystem = DelayedFaults(
            fileSystem, until: archive.layout.stagingDirectory.appending("audit_logs-2025-02-23-000002-00.ndjson.gz"))
        await #expect(throws: ArchiveError.self) { try await dying.commit(new, quarantine: ["1"]) }
        #expect(fileSystem.hasStruck)
    }

    @Test(arguments: points)
    func nextSessionSettlesIt(point: CrashPoint) async throws {
        try await withArchive { archive in
            try await Self.crash(archive, at: point)
            let journal = try archive.fileSystem.status(of: archive.layout.journal)
            #expect((journal != nil) == point.leavesJournal)
            #expect(try await archive.faults() == [], "beside an unfinished commit")
            let session = try archive.open()
            let generation = await session.manifest?.generation
            await session.close()
            #expect(generation == (point.isPastReturn ? 2 : 1))
            #expect(try archive.lines() == (point.isPastReturn ? Self.old + Self.new : Self.old).map(\.line))
            #expect(try archive.fileSystem.names(in: archive.layout.stagingDirectory) == [])
            #expect(try archive.fileSystem.status(of: archive.layout.journal) == nil)
            try await archive.commit([TestEvent(99, at: "2025-02-25T10:00:00Z")])
        }
    }

    @Test func sessionThatFailedTakesNothingMore() async throws {
        try await withArchive { archive in
            try await archive.commit(Self.old)
            let faulty = FaultyFileSystem(archive.fileSystem, .first(.rename, "manifest.json"), .fails(.ioError))
            var failing = archive
            failing.fileSystem = faulty
            let session = try failing.open()
            try await session.stage(EventBatch(Array(Self.new[..<2]), date: "2025-02-23"))
            await #expect(throws: ArchiveError.self) { try await session.commit(TestArchive.facts()) }
            // Neither may take away what the journal needs, nor overwrite it.
            await session.discard()
            await #expect(throws: ArchiveError.self) {
                try await session.stage(EventBatch(Array(Self.new[..<2]), date: "2025-02-23"))
            }
            await #expect(throws: ArchiveError.self) { try await session.commit(TestArchive.facts()) }
            await session.close()
            let next = try archive.open()
            await next.close()
            #expect(try archive.manifest().generation == 2)
        }
    }

    @Test(arguments: [
        "", "{", "[]", "{}", "{\"generation\": 2}", "{\"moves\": []}",
        #"{"generation": 2, "moves": [{"staged": "x", "target": "../x"}]}"#,
        #"{"generation": 2, "moves": [{"staged": "manifest.json", "target": "manifest.json"}]}"#,
        #"{"generation": 2, "moves": [{"target": "quarantine/quarantine-000002-00.ndjson.gz"}]}"#,
        #"{"generation": 2, "moves": [{"staged": "y", "target": "quarantine/quarantine-000002-00.ndjson.gz"}]}"#,
        #"{"generation": 2, "moves": [{"staged": "quarantine-000002-00.ndjson.gz", "#
            + #""target": "quarantine/quarantine-000002-00.ndjson.gz"}]}"#,
        #"{"generation": 2, "moves": []}"#
    ])
    func journalThatNoCommitLeft(text: String) async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(Self.old)
            try archive.replace(".captivateiq-export/journal.json", Array(text.utf8))
            let before = try FileTree(archive.layout.root).withoutLock
            let archive = archive
            let error = #expect(throws: ArchiveError.self) { try archive.open() }
            #expect(error?.kind == .damaged)
            #expect(try FileTree(archive.layout.root).withoutLock == before)
        }
    }

    @Test func unreadableJournalIsAFault() async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(Self.old)
            try archive.replace(".captivateiq-export/journal.json", [])
            #expect(try await archive.faults().map(\.kind) == [.journal])
        }
    }

    @Test(arguments: ["audit_logs/date=2025-02-23", "quarantine"])
    func dataWithoutManifestIsNoEmptyArchive(kept: String) async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(kept == "quarantine" ? [] : Self.old, quarantine: ["1"])
            try archive.fileSystem.remove(archive.layout.manifest)
            let archive = archive
            let error = #expect(throws: ArchiveError.self) { try archive.open() }
            #expect(error?.kind == .damaged)
            let found = await #expect(throws: ArchiveError.self) { try await archive.faults() }
            #expect(found?.kind == .damaged)
        }
    }

    @Test func noArchive() async throws {
        try await withArchive(leavingDamage: true) { archive in
            let archive = archive
            let error = await #expect(throws: ArchiveError.self) { try await archive.faults() }
            #expect(error?.kind == .absent)
        }
    }

    /// As an older manifest put back by hand leaves it.
    @Test func fileInTheWayIsFoundBeforeThePointOfNoReturn() async throws {
        try await withArchive(leavingDamage: true) { archive in
            try await archive.commit(Self.old)
            let manifest = try archive.bytes("manifest.json")
            try await archive.commit(Self.new)
            try archive.replace("manifest.json", manifest)
            let archive = archive
            let error = await #expect(throws: ArchiveError.self) { try await archive.commit(Self.new) }
            #expect(error?.kind == .damaged)
            #expect(error?.path.lastComponent == "audit_logs-2025-02-23-000002-00.ndjson.gz")
            #expect(try archive.fileSystem.status(of: archive.layout.journal) == nil)
            #expect(try archive.fileSystem.names(in: archive.layout.stagingDirectory) == [])
        }
    }
}
