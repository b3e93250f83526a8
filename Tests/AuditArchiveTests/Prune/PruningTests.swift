import ArchiveTestSupport
@testable import AuditArchive
import CivilTime
import SystemPackage
import Testing

@Suite("Pruning")
struct PruningTests {
    private static let now: Timestamp = "2025-03-01T18:00:00Z"

    /// Keeps the 23rd and what came after it.
    @discardableResult
    static func prune(
        _ archive: TestArchive, keeping days: Int = 6
    ) async throws -> (plan: PrunePlan, generation: Int) {
        let session = try archive.open(now: now)
        do {
            let result = try await Pruning(keeping: days).run(session, now: now)
            await session.close()
            return result
        } catch {
            await session.close()
            throw error
        }
    }

    /// The archive of ``SmallCompaction`` with records in quarantine.
    static func before() async throws -> MemoryFileSystem {
        let disk = try await SmallCompaction.before()
        let records = [
            #"{"id":1,"created_at":"2025-02-22T10:00:00Z"}"#, #"{"id":1,"created_at":"2025-02-23T10:00:00Z"}"#, "7"
        ]
        try await SmallCompaction(on: disk).archive.commit([], quarantine: records, facts())
        return disk
    }

    private static func facts() -> CommitMetadata { TestArchive.facts(now: "2025-03-01T15:00:00Z") }

    private static let left = SmallCompaction.events[9...].map(\.line)

    @Test("takes old dates away with their quarantined records, and records that")
    func records() async throws {
        let disk = try await Self.before()
        let archive = SmallCompaction(on: disk).archive
        let (plan, generation) = try await Self.prune(archive)
        #expect(plan.dates == ["2025-02-22"] && plan.records == 9 && plan.files == 3 && plan.quarantined == 1)
        let manifest = try archive.manifest()
        #expect(generation == manifest.generation)
        #expect(
            manifest.pruned == [
                PrunedRun(
                    from: "2025-01-01", to: "2025-02-22", records: 9, prunedAt: Self.now, reason: "retention 6d")
            ])
        #expect(Set(try archive.lines()) == Set(Self.left))
        #expect(manifest.quarantine.reduce(0) { $0 + $1.records } == 2)
        #expect(try disk.names(in: archive.layout.dataDirectory) == ["date=2025-02-23", "date=2025-02-28"])
        #expect(try disk.names(in: archive.layout.retiredDirectory) == [])
        #expect(try await archive.faults() == [])
        #expect(try await Self.prune(archive).plan.isEmpty)
        #expect(try archive.manifest().generation == generation)
    }

    @Test("removes what a compaction of that date had retired as well")
    func retired() async throws {
        let disk = try await Self.before()
        let compaction = SmallCompaction(on: disk)
        try await compaction.run()
        try await Self.prune(compaction.archive)
        let left = try disk.names(in: compaction.archive.layout.retiredDirectory)
        #expect(left.compactMap { RetiredFolderName($0)?.date } == ["2025-02-23"])
    }

    @Test("leaves the old state or the new one wherever it fails", arguments: FaultPointTests.faults)
    func everyCall(fault: FaultyFileSystem.Fault) async throws {
        let before = try await Self.before()
        let counter = FaultyFileSystem(before.copy(), .none, .stops)
        try await Self.prune(SmallCompaction(on: counter).archive)
        for number in stride(from: 1, through: counter.calls, by: SmallCompaction.step) {
            let disk = before.copy()
            _ = try? await Self.prune(SmallCompaction(on: FaultyFileSystem(disk, .number(number), fault)).archive)
            #expect(disk.openFiles == 0)
            let note: Comment = "\(fault) at call \(number) of \(counter.calls)"
            // Copies, for a process that is gone holds no lock.
            var remains = [disk.copy()]
            if fault == .stops { remains += [disk.afterPowerCut(), disk.afterPowerCut(keepsNames: true)] }
            for (index, left) in remains.enumerated() {
                let archive = SmallCompaction(on: left).archive
                if index == 0 { #expect(try await archive.faults() == [], note) }
                await (try archive.open(now: Self.now)).close()
                #expect(try await archive.faults() == [], note)
                let lines = try Set(archive.lines())
                #expect(lines == Set(Self.left) || lines == Set(SmallCompaction.events.map(\.line)), note)
                let records = try archive.manifest().quarantine.reduce(0) { $0 + $1.records }
                #expect(records == (lines.count == Self.left.count ? 2 : 3), note)
                try await Self.prune(archive)
                #expect(try Set(archive.lines()) == Set(Self.left), note)
                #expect(try await archive.faults() == [], note)
            }
        }
    }

    @Test(
        "is not undone by a rebuild: not by files that are put back, nor by an older manifest", arguments: [false, true]
    )
    func rebuild(hasOldManifest: Bool) async throws {
        let disk = try await Self.before()
        let archive = SmallCompaction(on: disk).archive
        let (old, manifest) = (try archive.manifest(), try archive.bytes("manifest.json"))
        let files = try old.files(of: "2025-02-22").map { ($0.name.path, try archive.bytes($0.name.path)) }
        try await Self.prune(archive)
        try disk.createDirectory(archive.layout.partition("2025-02-22"))
        for (path, bytes) in files { try archive.replace(path, bytes) }
        if hasOldManifest { try archive.replace("manifest.json", manifest) }
        let report = try await archive.rebuild()
        #expect(report.faults.isEmpty && report.lost.allSatisfy { !$0.contains("2025-02-22") })
        #expect(Set(try archive.lines()) == Set(Self.left))
        #expect(try archive.manifest().pruned.count == 1)
        #expect(try archive.manifest().pending.ranges.allSatisfy { $0.lowerBound >= "2025-02-23T00:00:00Z" })
        #expect(try await archive.faults() == [])
    }

    @Test("is known to verify: a date that is there although it was pruned is a fault")
    func verify() async throws {
        let archive = SmallCompaction(on: try await Self.before()).archive
        try archive.editManifest {
            $0.pruned = [
                PrunedRun(
                    from: "2025-02-20", to: "2025-02-22", records: 9, prunedAt: Self.now, reason: "retention 6d")
            ]
        }
        #expect(try await archive.faults().map(\.kind) == [.partition])
    }
}
