import CivilTime
@testable import AuditArchive
import AuditRecords
import SystemPackage

/// What a sync does with an archive, without the API: it keeps what is new of the events it is given.
struct SmallSync: Sendable {
    static let layout = ArchiveLayout(root: "/srv/archive")

    /// What the archive holds before the run under test.
    static let old = TestEvent.run(0..<3, from: "2025-02-23T10:00:00Z")

    /// What the run adds: to a date that is there, and to a new one in two parts.
    static let new = TestEvent.run(3..<8, from: "2025-02-23T23:59:59Z")

    /// The records that the run keeps aside.
    static let aside = ["1", "{\"id\":1}"]

    let archive: TestArchive

    /// A sync on this file system.
    init(on fileSystem: any FileSystem, _ layout: ArchiveLayout = layout) {
        archive = TestArchive(layout: layout, fileSystem: fileSystem, maximumPartSize: 300, parallelism: 1)
    }

    /// Reads what is known, stages what is not, commits.
    func run(_ events: [TestEvent], aside: [String]) async throws {
        let session = try archive.open()
        do {
            let dates = Dictionary(grouping: events, by: \.time.day)
            let known = Set(try await session.archivedEvents(of: Set(dates.keys)).map(\.key))
            var quarantine = try await session.makeQuarantineBatch()
            for record in aside { _ = quarantine.insert(record, .changed) }
            for (date, events) in dates.sorted(by: { $0.key < $1.key }) {
                let new = events.filter { !known.contains(EventKey(id: $0.id.utf8.span.bytes)) }
                try await session.stage(EventBatch(new, date: date))
            }
            try await session.stage(quarantine)
            _ = try await session.commit(TestArchive.facts())
            await session.close()
        } catch {
            await session.close()
            throw error
        }
    }

    /// What the archive held before the run under test.
    func runBefore() async throws { try await run(Self.old, aside: ["0"]) }

    /// The run under test.
    func runUnderTest() async throws { try await run(Self.old + Self.new, aside: Self.aside) }

    /// Opens and closes the archive, as any command that writes does.
    func recover() async throws {
        let session = try archive.open()
        await session.close()
    }
}

/// What must hold of an archive after whatever happened to a ``SmallSync``.
struct Expectations {
    let sync: SmallSync

    /// What is wrong although the archive should be the old or the new one. Nothing else may be in the staging folder.
    func violationsOfOldOrNew(isNew: Bool? = nil) async throws -> [String] {
        var violations = try await sync.archive.faults().map(\.description)
        let lines = try sync.archive.lines()
        let matchesNew = lines == (SmallSync.old + SmallSync.new).map(\.line)
        let matchesOld = lines == SmallSync.old.map(\.line)
        if isNew.map({ $0 ? !matchesNew : !matchesOld }) ?? !(matchesOld || matchesNew) {
            violations.append("the events are neither the old nor the new ones: \(lines)")
        }
        let records = try sync.archive.manifest().quarantine.reduce(0) { $0 + $1.records }
        if records != (matchesNew ? 3 : 1) { violations.append("\(records) records in quarantine") }
        let left = try sync.archive.fileSystem.names(in: SmallSync.layout.stagingDirectory)
        if !left.isEmpty { violations.append("staging holds \(left)") }
        if try sync.archive.fileSystem.status(of: SmallSync.layout.journal) != nil {
            violations.append("a journal is left")
        }
        return violations
    }
}
