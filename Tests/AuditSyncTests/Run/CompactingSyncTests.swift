import ArchiveTestSupport
import AuditArchive
@testable import AuditSync
import CivilTime
import SyncTestSupport
import SystemPackage
import Testing

@Suite("A sync that merges closed days")
struct CompactingSyncTests {
    /// Syncs four times a day for some days, each with news, some of them late.
    private func keepSyncing(_ harness: SyncHarness, days: Int, compacts: Bool) async throws {
        for number in 0..<days * 4 {
            harness.clock.advance(by: .seconds(6 * 3_600))
            harness.arrive(7, ties: 2)
            harness.arrive(2, lateHours: 20)
            let outcome = try await harness.sync(compacts: compacts)
            #expect(outcome.failure == nil && outcome.report.warnings.isEmpty, "sync \(number)")
        }
    }

    @Test("leaves one file for each closed day, and the next sync asks no more than ever")
    func oneFileADay() async throws {
        try await SyncHarness.runInMemory { harness in
            _ = try await harness.sync(compacts: true)
            try await keepSyncing(harness, days: 4, compacts: true)
            let manifest = try harness.manifest()
            for partition in manifest.partitions where partition.state == .closed {
                #expect(manifest.files.count { $0.name.date == partition.date } == 1, "\(partition.date)")
            }
            #expect(manifest.partitions.contains { $0.state == .open })
            try harness.expectEqual()
            // Also right after a day was merged.
            var merges = 0
            for _ in 0..<8 {
                harness.clock.advance(by: .seconds(6 * 3_600))
                harness.arrive(5)
                if try await harness.sync(compacts: true).report.compactedDays > 0 {
                    merges += 1
                    #expect(try await harness.sync(compacts: true).report.requests == 1)
                }
            }
            #expect(merges >= 2)
        }
    }

    @Test("and one that does not, once compacted: the same closed days, byte for byte")
    func sameBytes() async throws {
        var files: [[String: [UInt8]]] = []
        for compacts in [true, false] {
            try await SyncHarness.runInMemory { harness in
                _ = try await harness.sync(compacts: compacts)
                try await keepSyncing(harness, days: 3, compacts: compacts)
                if !compacts { try await harness.compact() }
                let manifest = try harness.manifest()
                var found: [String: [UInt8]] = [:]
                for partition in manifest.partitions where partition.state == .closed {
                    for file in manifest.files where file.name.date == partition.date {
                        found["\(file.name.date)"] = try harness.fileSystem.contents(
                            of: harness.layout.absolute(file.name.path))
                    }
                }
                files.append(found)
            }
        }
        #expect(files[0].count >= 4 && files[0] == files[1])
    }

    @Test("goes on without where folders cannot be exchanged, with a warning")
    func unsupported() async throws {
        try await SyncHarness.runInMemory { harness in
            var harness = harness
            _ = try await harness.sync()
            harness.clock.advance(by: .seconds(3 * 86_400))
            harness.arrive(40)
            harness.arrive(4, lateHours: 20)
            let disk = harness.fileSystem
            harness.fileSystem = FaultyFileSystem(disk, .first(.renameat2, ""), .fails(.invalidArgument))
            let outcome = try await harness.sync(compacts: true)
            #expect(outcome.failure == nil && outcome.report.compactedDays == 0)
            let needsIt = Dictionary(grouping: try harness.manifest().files, by: \.name.date).contains { $1.count > 1 }
            #expect(outcome.report.warnings.contains { $0.contains("not merged") } == needsIt)
            try harness.expectEqual()
        }
    }
}

extension SyncHarness {
    /// Merges all closed days.
    @discardableResult
    func compact() async throws -> CompactionReport {
        try await withSession { session in try await Compaction(session).run { clock.now() } }
    }

    /// Removes all days but so many.
    @discardableResult
    func prune(keeping days: Int) async throws -> PrunePlan {
        try await withSession { session in try await Pruning(keeping: days).run(session, now: clock.now()).plan }
    }

    /// Erases an event, on record.
    func erase(_ id: String) async throws {
        let report = try await withSession { session in
            let erasure = Erasure(
                session, layout, fileSystem: fileSystem, compression: CompressionSettings(level: 6, parallelism: 1))
            return try await erasure.run(id: id, reason: "asked for", now: clock.now())
        }
        #expect(report?.events == 1)
    }

    private func withSession<Result>(_ body: (ArchiveSession) async throws -> Result) async throws -> Result {
        let session = try ArchiveSession(
            layout,
            ArchiveSessionSettings(
                compression: CompressionSettings(level: 6, parallelism: 2), maximumPartSize: 64 << 20, writer: "tests"),
            fileSystem: fileSystem, processID: 1, now: clock.now())
        do {
            let result = try await body(session)
            await session.close()
            #expect(try await faults() == [])
            return result
        } catch {
            await session.close()
            throw error
        }
    }
}
