import ArchiveTestSupport
@testable import AuditArchive
import CivilTime
import SystemPackage
import Testing
import TestSupport

/// An archive under test, and the few things a sync does with one.
struct TestArchive: Sendable {
    let layout: ArchiveLayout
    var fileSystem: any FileSystem = PosixFileSystem()
    var maximumPartSize = 64 << 20
    var parallelism = 2
    var index = IndexLimits()
    var evidence = EvidenceSettings()

    /// The time at which tests commit unless they say otherwise.
    static let now: Timestamp = "2025-03-01T12:00:00Z"

    /// The name of every archive under test.
    static let archiveID = String(repeating: "c7", count: 16)

    /// What a commit says unless a test says otherwise.
    static func facts(now: Timestamp = now) -> CommitMetadata {
        var facts = CommitMetadata(
            startTimestamp: "2025-01-01T00:00:00Z", organization: ArchiveOrganization(id: "org_1", name: "Acme Corp"),
            pending: RangeSet(), now: now)
        // As a sync that ended whole does, with a look-back of a day.
        facts.closesThrough = (now - .seconds(86_400)).day.advanced(by: -1)
        return facts
    }

    /// Opens the archive for writing.
    func open(now: Timestamp = now, processID: Int32 = 4711) throws -> ArchiveSession {
        var settings = ArchiveSessionSettings(
            compression: CompressionSettings(level: 6, parallelism: parallelism), maximumPartSize: maximumPartSize,
            writer: "captivateiq-export 0.1.0", archiveID: Self.archiveID)
        settings.index = index
        settings.evidence = evidence
        return try ArchiveSession(layout, settings, fileSystem: fileSystem, processID: processID, now: now)
    }

    /// Opens the archive, commits these events in the partitions of their dates and gives the lock up.
    @discardableResult
    func commit(_ events: [TestEvent], quarantine: [String] = [], now: Timestamp = now) async throws -> ArchiveSession
        .Commit?
    {
        let batches = Dictionary(grouping: events, by: \.time.day).sorted { $0.key < $1.key }
        return try await commit(
            batches.map { EventBatch($1, date: $0) }, quarantine: quarantine, Self.facts(now: now))
    }

    /// Opens the archive, commits these batches as they are and gives the lock up.
    @discardableResult
    func commit(
        _ batches: [EventBatch], quarantine: [String] = [], _ facts: CommitMetadata
    ) async throws -> ArchiveSession.Commit? {
        let session = try open(now: facts.now)
        do {
            for batch in batches { try await session.stage(batch) }
            var aside = try await session.makeQuarantineBatch()
            for record in quarantine {
                _ = aside.insert(record.utf8.span.bytes, .noStringID, receivedAt: facts.now)
            }
            try await session.stage(aside)
            let commit = try await session.commit(facts)
            await session.close()
            return commit
        } catch {
            await session.close()
            throw error
        }
    }

    /// What is wrong with the archive.
    func faults() async throws -> [ArchiveFault] {
        try await ArchiveVerifier(layout, fileSystem: fileSystem).verify(parallelism: 2).faults
    }

    /// The manifest as it stands.
    func manifest() throws -> Manifest { try fileSystem.requireManifest(layout).manifest }

    /// The text of a file, by its path relative to the archive.
    func bytes(_ path: String) throws -> [UInt8] { try #require(try fileSystem.contents(of: layout.absolute(path))) }

    /// Puts a file in the place of another, or where none is.
    func replace(_ path: String, _ bytes: [UInt8]) throws {
        try fileSystem.removeIfPresent(layout.absolute(path))
        try fileSystem.createDurably(layout.absolute(path), bytes)
    }

    /// Leaves the archive as one that has no evidence yet, so that nothing but the check of a test tells of what the test
    /// changes by hand.
    func dropEvidence() throws {
        if try manifest().evidence != nil { try fileSystem.dropEvidence(layout) }
    }

    /// Changes the manifest's values.
    func editManifest(_ change: (inout Manifest) -> Void) throws {
        try dropEvidence()
        try forgeManifest(change)
    }

    /// Changes the manifest's values, and leaves the evidence as it is.
    func forgeManifest(_ change: (inout Manifest) -> Void) throws {
        var manifest = try manifest()
        change(&manifest)
        try replace("manifest.json", manifest.encoded())
    }

    /// Changes the manifest's text, and its checksum with it.
    func editManifestText(_ old: String, _ new: String) throws {
        try dropEvidence()
        try forgeManifestText(old, new)
    }

    /// Changes the manifest's text, and its checksum with it, and leaves the evidence as it is.
    func forgeManifestText(_ old: String, _ new: String) throws {
        let text = String(decoding: try bytes("manifest.json"), as: UTF8.self)
        try #require(text.contains(old))
        try replace("manifest.json", ManifestText.sealed(text.replacing(old, with: new)))
    }

    /// The lines of all data files, in the order of the manifest.
    func lines() throws -> [String] {
        try manifest().files.flatMap { try Self.lines(in: bytes($0.name.path)) }
    }

    /// The lines of a quarantine or data file's bytes.
    static func lines(in compressed: [UInt8]) throws -> [String] {
        String(decoding: try Gunzip.bytes(compressed), as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

/// Hands over an archive that is yet to begin, and checks it at the end unless the test is to leave it damaged.
func withArchive(leavingDamage: Bool = false, _ body: (inout TestArchive) async throws -> Void) async throws {
    try await withTemporaryDirectory { path in
        var archive = TestArchive(layout: ArchiveLayout(root: FilePath(path).appending("archive")))
        try await body(&archive)
        guard !leavingDamage else { return }
        archive.fileSystem = PosixFileSystem()
        #expect(try await archive.faults() == [])
    }
}
