import ArchiveTestSupport
import AuditArchive
import AuditReport
import CivilTime
import Synchronization
import SystemPackage

/// An archive in memory, commit by commit.
struct SampleArchive {
    static let start = SampleEvent.time("2025-02-01T00:00:00Z")

    var fileSystem = MemoryFileSystem()
    let layout = ArchiveLayout(root: "/archive")

    /// What a commit says besides its events.
    struct Facts {
        var now = SampleEvent.time("2025-03-01T12:00:00Z")
        var closesThrough: CalendarDay? = CalendarDay("2025-02-27")
        var pending = RangeSet<Timestamp>()
        var checks: [CheckedRun] = []
        /// Other versions of events, and records that are no events.
        var changed: [String] = []
        var refused: [String] = []
    }

    /// Opens the archive for writing, and closes it after that.
    func open<Result>(
        _ now: Timestamp, _ evidence: EvidenceSettings = EvidenceSettings(),
        _ body: (ArchiveSession) async throws -> Result
    ) async throws -> Result {
        var settings = ArchiveSessionSettings(
            compression: .init(level: 1, parallelism: 1), maximumPartSize: 1 << 20, writer: "test")
        settings.evidence = evidence
        let session = try ArchiveSession(layout, settings, fileSystem: fileSystem, processID: 1, now: now)
        do {
            let result = try await body(session)
            await session.close()
            return result
        } catch {
            await session.close()
            throw error
        }
    }

    /// Commits events.
    func commit(_ events: [SampleEvent], _ facts: Facts = Facts()) async throws {
        let settings = ArchiveSessionSettings(
            compression: .init(level: 1, parallelism: 1), maximumPartSize: 1 << 20, writer: "test")
        let session = try ArchiveSession(layout, settings, fileSystem: fileSystem, processID: 1, now: facts.now)
        for (day, events) in Dictionary(grouping: events, by: \.time.day).sorted(by: { $0.key < $1.key }) {
            var batch = EventBatch(date: day)
            for event in events {
                let (line, id) = (event.line, event.id)
                batch.append(line: line.utf8.span.bytes, time: event.time, id: id.utf8.span.bytes)
            }
            try await session.stage(batch)
        }
        var aside = try await session.makeQuarantineBatch()
        for record in facts.changed { _ = aside.insert(record.utf8.span.bytes, .changed, receivedAt: facts.now) }
        for record in facts.refused { _ = aside.insert(record.utf8.span.bytes, .noStringID, receivedAt: facts.now) }
        try await session.stage(aside)
        var metadata = CommitMetadata(
            startTimestamp: Self.start, organization: ArchiveOrganization(id: "org_1", name: "Acme Corp"),
            pending: facts.pending, now: facts.now)
        metadata.closesThrough = facts.closesThrough
        metadata.checks = facts.checks
        _ = try await session.commit(metadata)
        await session.close()
    }

    /// The manifest as it is now.
    func manifest() throws -> Manifest { try fileSystem.requireManifest(layout).manifest }

    /// The archived lines of a query, and what was said of them.
    func search(
        _ query: EventQuery = EventQuery(), _ format: EventFormat = .ndjson, parallelism: Int = 2,
        fileSystem other: (any FileSystem)? = nil
    ) async throws -> (text: String, result: EventSearch.Result) {
        let search = EventSearch(
            layout, fileSystem: other ?? fileSystem, clock: ImpatientClock(), parallelism: parallelism)
        var bytes: [UInt8] = []
        let result = try await search.run(query, format) {
            bytes += $0
            return true
        }
        return (String(decoding: bytes, as: UTF8.self), result)
    }
}

/// A clock for which no pause takes any time.
struct ImpatientClock: TimeSource {
    func now() -> Timestamp { SampleEvent.time("2025-03-01T12:00:00Z") }
    func uptime() -> Duration { .zero }
    func sleep(for duration: Duration) async throws(CancellationError) {}
}

extension ObservedFileSystem {
    /// A file system on which something happens just before a certain file is opened for the so-and-so-many-th time, once.
    convenience init(
        _ real: MemoryFileSystem, before file: FilePath, after opens: Int = 0,
        _ change: @escaping @Sendable () throws -> Void
    ) {
        let count = Mutex(0)
        self.init(real) { operation, path throws(FileSystemError) in
            guard operation == .open, path == file else { return }
            let number = count.withLock { count in
                count += 1
                return count
            }
            guard number == opens + 1 else { return }
            guard (try? change()) != nil else { throw FileSystemError(.open, path, .ioError) }
        }
    }
}
