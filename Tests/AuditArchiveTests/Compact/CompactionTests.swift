import ArchiveTestSupport
@testable import AuditArchive
import CivilTime
import SystemPackage
import Testing

@Suite("Compaction")
struct CompactionTests {
    @Test("makes a closed date's files one, sorted, or parts of the largest size, and leaves open dates")
    func merges() async throws {
        let disk = try await SmallCompaction.before()
        let compaction = SmallCompaction(on: disk)
        let before = try compaction.archive.manifest()
        let report = try await compaction.run()
        #expect(report.dates == 2 && report.left == 0 && report.records == 18 && report.commits == 1)
        #expect(report.filesBefore == 6 && report.filesAfter == 6 && report.generation == 4)
        #expect(try await compaction.violations(isNew: true) == [])
        let after = try compaction.archive.manifest()
        let merged = after.files.filter { $0.replaces != nil }
        #expect(merged.allSatisfy { $0.name.generation == 4 } && merged.map(\.name.part) == [0, 1, 2, 0, 1, 2])
        #expect(merged.allSatisfy { $0.replaces == 3 && $0.archivedAt == before.files[2].archivedAt })
        #expect(merged.allSatisfy { $0.uncompressedSize <= 600 })
        #expect(
            after.files.filter { $0.name.date == "2025-02-28" } == before.files.filter { $0.name.date == "2025-02-28" })
        #expect(after.partitions == before.partitions && after.lastEventTimestamp == before.lastEventTimestamp)
        #expect(after.syncedTo == before.syncedTo && after.completeThrough == before.completeThrough)
    }

    @Test("gives the bytes that one sync gives which sees all at once")
    func sameBytes() async throws {
        let disk = try await SmallCompaction.before()
        let compaction = SmallCompaction(on: disk)
        try await compaction.run()
        let other = TestArchive(
            layout: ArchiveLayout(root: "/srv/other"), fileSystem: disk, maximumPartSize: 600, parallelism: 3)
        try await other.commit(SmallCompaction.events)
        let files = try compaction.archive.manifest().files.filter { $0.replaces != nil }
        let others = try other.manifest().files.filter { $0.name.date < "2025-02-28" }
        #expect(files.map(\.sha256) == others.map(\.sha256))
    }

    @Test("is never done again for a setting, and done again where events came")
    func again() async throws {
        let disk = try await SmallCompaction.before()
        var compaction = SmallCompaction(on: disk)
        try await compaction.run()
        let bytes = try compaction.archive.bytes("manifest.json")
        var roomy = compaction.archive
        roomy.maximumPartSize = 1 << 20
        let session = try roomy.open()
        #expect(try await Compaction(session).run { SmallCompaction.now }.dates == 0)
        await session.close()
        #expect(try compaction.archive.bytes("manifest.json") == bytes)
        try await compaction.archive.commit([TestEvent(99, at: "2025-02-22T11:00:00Z")], now: SmallCompaction.now)
        compaction = SmallCompaction(on: disk)
        let report = try await compaction.run()
        #expect(report.dates == 1 && report.filesBefore == 4)
        #expect(try compaction.archive.manifest().files.first?.replaces == 4)
        #expect(try compaction.archive.manifest().files.first?.archivedAt == SmallCompaction.now)
        #expect(try await compaction.archive.faults() == [])
    }

    @Test("stops before a day that is given, and takes so many dates a commit")
    func limits() async throws {
        let disk = try await SmallCompaction.before()
        let compaction = SmallCompaction(on: disk)
        #expect(try await compaction.run(before: "2025-02-22").dates == 0)
        #expect(try await compaction.run(before: "2025-02-23").dates == 1)
        let other = SmallCompaction(on: try await SmallCompaction.before())
        #expect(try await other.run(dates: 1).commits == 2)
        #expect(try await other.violations(isNew: true) == [])
        let manifest = try SmallCompaction(on: try await SmallCompaction.before()).archive.manifest()
        #expect(CompactionPlan(manifest, .init(size: 1)).commits == [["2025-02-22"], ["2025-02-23"]])
        let plan = CompactionPlan(manifest)
        #expect(plan.commits == [["2025-02-22", "2025-02-23"]])
    }

    @Test("keeps what it replaced for a while, in the private folder")
    func retired() async throws {
        let disk = try await SmallCompaction.before()
        let compaction = SmallCompaction(on: disk)
        let old = try compaction.archive.manifest().files.filter { $0.name.date < "2025-02-28" }
        try await compaction.run()
        let retired = SmallCompaction.layout.retiredDirectory
        let folders = try disk.names(in: retired)
        #expect(folders.compactMap { RetiredFolderName($0)?.generation } == [4, 4])
        for file in old {
            let folder = try #require(folders.first { $0.hasPrefix("\(file.name.date)") })
            let bytes = try #require(try disk.contents(of: retired.appending(folder).appending(file.name.fileName)))
            #expect(file.digest.isDigest(of: bytes))
        }
        await (try compaction.archive.open(now: SmallCompaction.now + .seconds(86_399))).close()
        #expect(try disk.names(in: retired).count == 2)
        await (try compaction.archive.open(now: SmallCompaction.now + .seconds(86_400))).close()
        #expect(try disk.names(in: retired) == [])
    }

    @Test("tells of each line which file it came from")
    func runs() async throws {
        let disk = try await SmallCompaction.before()
        let archive = SmallCompaction(on: disk).archive
        let files = try archive.manifest().files(of: "2025-02-22")
        try disk.ensureDirectory(archive.layout.stagingDirectory)
        let merge = PartitionMerge(
            archive: ArchiveDirectory(archive.layout, disk), compression: .init(level: 6, parallelism: 1),
            maximumPartSize: 600)
        let merged = try await merge.run("2025-02-22", files, generation: 9)
        #expect(merged.from == files.map(\.name))
        #expect(merged.runs.map(\.file) == [0, 1, 2, 0, 1, 2, 0, 1, 2] && merged.runs.allSatisfy { $0.count == 1 })
        #expect(merged.files.reduce(0) { $0 + $1.records } == 9)
    }

    @Test("refuses a file that is not what the manifest says, and changes nothing", arguments: [false, true])
    func damage(isCut: Bool) async throws {
        let disk = try await SmallCompaction.before()
        let compaction = SmallCompaction(on: disk)
        let path = try #require(try compaction.archive.manifest().files.dropFirst().first?.name.path)
        var bytes = try compaction.archive.bytes(path)
        if isCut { bytes.removeLast() } else { bytes[bytes.count / 2] ^= 1 }
        try compaction.archive.replace(path, bytes)
        let manifest = try compaction.archive.bytes("manifest.json")
        let error = await #expect(throws: ArchiveError.self) { try await compaction.run() }
        #expect(error?.kind == .damaged)
        #expect(try compaction.archive.bytes("manifest.json") == manifest)
        #expect(try disk.names(in: compaction.archive.layout.stagingDirectory) == [])
    }

    @Test("merges random files: the same lines, sorted, whatever the parts", arguments: 0..<20)
    func random(seed: UInt64) async throws {
        var random = RandomEvents(seed: seed)
        let disk = try FaultPointTests.nothing()
        var archive = TestArchive(layout: SmallCompaction.layout, fileSystem: disk, parallelism: 1)
        archive.maximumPartSize = random.size()
        for group in random.groups() { try await archive.commit(group, now: "2025-03-01T10:00:00Z") }
        let before = try archive.lines().sorted()
        archive.maximumPartSize = random.size()
        let session = try archive.open()
        _ = try await Compaction(session).run { TestArchive.now }
        await session.close()
        #expect(try archive.lines().sorted() == before, "seed \(seed)")
        #expect(try await archive.faults() == [], "seed \(seed)")
        let manifest = try archive.manifest()
        for partition in manifest.partitions where partition.state == .closed {
            let files = manifest.files(of: partition.date)
            #expect(files.count == 1 || files.allSatisfy { $0.replaces != nil }, "seed \(seed)")
            let times = files.flatMap { [$0.firstEventTimestamp, $0.lastEventTimestamp] }
            #expect(times == times.sorted() || files.count == 1, "seed \(seed)")
        }
    }
}
