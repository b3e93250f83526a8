import ArchiveTestSupport
@testable import AuditArchive
import CivilTime
import SystemPackage
import TestSupport
import Testing

/// Disks in memory.
enum MemoryDisk {
    static func make() -> MemoryFileSystem { MemoryFileSystem() }
}

/// An archive in memory to which everything was done that a log can tell of, with a key that signs each commit.
struct EvidenceBench {
    static let layout = ArchiveLayout(root: "/srv/archive")

    private(set) var disk: MemoryFileSystem
    let key: SigningKey
    private(set) var archive: TestArchive
    private(set) var now: Timestamp = "2025-03-01T12:00:00Z"
    private var nextEvent = 0

    /// An archive that is yet to begin, on a disk with the folder above it.
    init(signer: SigningKey? = nil) throws {
        disk = MemoryDisk.make()
        try disk.createDirectory("/srv")
        for folder in ["/", "/srv"] { try disk.synchronizeDirectory(FilePath(folder)) }
        key = try signer ?? KeyTests.key()
        archive = TestArchive(layout: Self.layout, fileSystem: disk, maximumPartSize: 600, parallelism: 1)
        archive.evidence = EvidenceSettings(host: "api.example.com", signer: key)
    }

    /// The same archive on a disk of its own.
    func copy() -> TestArchive {
        var copy = archive
        copy.fileSystem = disk.copy()
        return copy
    }

    /// Goes on with other settings.
    mutating func use(_ settings: EvidenceSettings) { archive.evidence = settings }

    /// Goes on with a disk of its own.
    mutating func detach() {
        disk = disk.copy()
        archive.fileSystem = disk
    }

    /// What an auditor has: the key, and heads kept elsewhere.
    func trust(_ anchors: [Checkpoint] = []) -> EvidenceTrust {
        var trust = EvidenceTrust()
        trust.publicKey = key.verifier
        trust.anchors = anchors.enumerated().map { ("anchor-\($0)", $1) }
        return trust
    }

    /// The head as it is now.
    func head() throws -> Checkpoint { try EvidenceAnchors(Self.layout, fileSystem: disk).head() }

    /// Moves the clock on.
    mutating func pass(_ duration: Duration) { now = now + duration }

    /// Commits events that happened in the days before now, but for those that no sync takes since they were pruned.
    mutating func sync(_ count: Int, using random: inout SeededRandom) async throws {
        let pruned = (try? archive.manifest().prunedTimes) ?? RangeSet()
        let events = (0..<count).compactMap { _ -> TestEvent? in
            let time = now - .seconds(Int64.random(in: 60..<5 * 86_400, using: &random))
            nextEvent += 1
            return pruned.contains(time) ? nil : TestEvent(nextEvent, at: time.description)
        }
        let aside = Bool.random(using: &random) ? ["{\"id\":\"aside-\(nextEvent)\"}"] : []
        try await archive.commit(events, quarantine: aside, now: now)
    }

    /// Runs some work with the archive open.
    func open<Result>(_ body: (ArchiveSession) async throws -> Result) async throws -> Result {
        let session = try archive.open(now: now)
        do {
            let result = try await body(session)
            await session.close()
            return result
        } catch {
            await session.close()
            throw error
        }
    }

    /// Merges the files of closed days.
    func compact() async throws {
        let now = now
        _ = try await open { try await Compaction($0).run(now: { now }) }
    }

    /// Prunes what is older than some days.
    func prune(keeping days: Int) async throws {
        let now = now
        _ = try await open { try await Pruning(keeping: days).run($0, now: now) }
    }

    /// Erases one of the events that are there.
    func erase(using random: inout SeededRandom) async throws {
        guard let line = try archive.lines().randomElement(using: &random) else { return }
        let id = TestEvent.id(ofLine: line)
        let now = now
        let report = try await open { session in
            let erasure = Erasure(
                session, Self.layout, fileSystem: archive.fileSystem,
                compression: CompressionSettings(level: 6, parallelism: 1))
            return try await erasure.run(id: id, reason: "asked for", now: now)
        }
        #expect(report?.events == 1)
        #expect(try !archive.lines().contains { TestEvent.id(ofLine: $0) == id })
    }

    /// Holds dates of the distant past.
    func hold() async throws {
        let dates = HeldDates(from: "2020-01-01", to: "2020-01-31", reason: "asked for", name: "case 12")
        let now = now
        _ = try await open { try await EvidenceHolds($0).hold(dates, now: now) }
    }

    /// Makes the manifest anew.
    func rebuild() async throws -> RebuildReport {
        try await ArchiveRebuild(
            Self.layout, writer: "captivateiq-export 0.1.0", fileSystem: archive.fileSystem, processID: 1,
            archiveID: TestArchive.archiveID, evidence: archive.evidence
        ).run(now: now, parallelism: 1)
    }

    /// How many calls of the file system some work makes.
    func calls(of work: (inout EvidenceBench) async throws -> Void) async -> Int {
        var twin = self
        twin.disk = disk.copy()
        let counting = FaultyFileSystem(twin.disk, .none, .stops)
        twin.archive.fileSystem = counting
        try? await work(&twin)
        return counting.calls
    }

    /// Does some work until the process dies at a call of the file system, or the power goes at it. Says whether it came so far.
    mutating func die(
        at call: Int, losesPower: Bool, _ work: (inout EvidenceBench) async throws -> Void
    ) async -> Bool {
        let dying = FaultyFileSystem(disk, .number(call), .stops)
        archive.fileSystem = dying
        // Nobody is left to hear of it.
        try? await work(&self)
        disk = losesPower ? disk.afterPowerCut() : disk.copy()
        archive.fileSystem = disk
        return dying.hasStruck
    }

    /// What a verification with that trust finds.
    static func faults(_ archive: TestArchive, _ trust: EvidenceTrust) async throws -> [ArchiveFault] {
        try await verify(archive, trust).faults
    }

    /// What `verify` finds, faults and notes.
    static func verify(_ archive: TestArchive, _ trust: EvidenceTrust) async throws -> Verification {
        try await ArchiveVerifier(layout, fileSystem: archive.fileSystem, trust: trust).verify(parallelism: 1)
    }

    /// An archive with a history: several syncs, days merged, a line erased, days pruned and held.
    static func withHistory(seed: UInt64) async throws -> (bench: EvidenceBench, anchor: Checkpoint, older: TestArchive)
    {
        var random = SeededRandom(seed: seed)
        var bench = try EvidenceBench(signer: KeyTests.key(seed: seed))
        for _ in 0..<3 {
            try await bench.sync(Int.random(in: 3...9, using: &random), using: &random)
            bench.pass(.seconds(2 * 86_400))
        }
        let (anchor, older) = (try bench.head(), bench.copy())
        try await bench.sync(4, using: &random)
        bench.pass(.seconds(3 * 86_400))
        try await bench.sync(4, using: &random)
        try await bench.compact()
        try await bench.erase(using: &random)
        try await bench.hold()
        try await bench.prune(keeping: 11)
        try await bench.sync(3, using: &random)
        return (bench, anchor, older)
    }
}

extension TestEvent {
    /// The id in the line of a test's event.
    static func id(ofLine line: String) -> String {
        let marker = "\"id\":\""
        guard let start = line.firstRange(of: marker)?.upperBound else { return "" }
        return String(line[start...].prefix { $0 != "\"" })
    }
}
