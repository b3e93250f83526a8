import ArchiveTestSupport
@testable import AuditArchive
import CivilTime
import SystemPackage
import TestSupport
import Testing

@Suite("A rebuild of an archive among whose files those of an older copy lie")
struct RebuildReturnedTests {
    /// Puts back the files that are not there any more, and leaves the log as it is.
    private static func putBack(_ older: TestArchive, into archive: TestArchive) throws -> Int {
        var count = 0
        for file in try older.manifest().files {
            let path = archive.layout.absolute(file.name.path)
            guard try archive.fileSystem.status(of: path) == nil else { continue }
            try archive.fileSystem.ensureDirectory(path.removingLastComponent())
            try archive.replace(file.name.path, try older.bytes(file.name.path))
            count += 1
        }
        return count
    }

    @Test("brings no erased event back, and nothing twice", arguments: 1...4 as ClosedRange<UInt64>, [false, true])
    func erased(seed: UInt64, compacts: Bool) async throws {
        var random = SeededRandom(seed: seed)
        var bench = try EvidenceBench(signer: KeyTests.key(seed: seed))
        for _ in 0..<3 {
            try await bench.sync(6, using: &random)
            bench.pass(.seconds(86_400))
        }
        bench.pass(.seconds(6 * 86_400))
        try await bench.sync(2, using: &random)
        let (older, anchor) = (bench.copy(), try bench.head())
        if compacts { try await bench.compact() }
        for _ in 0..<2 { try await bench.erase(using: &random) }
        let lines = try bench.archive.lines().sorted()
        #expect(try Self.putBack(older, into: bench.archive) > 0)
        let report = try await bench.rebuild()
        #expect(report.faults == [] && report.lost == [], "\(report)")
        #expect(try bench.archive.lines().sorted() == lines, "seed \(seed)")
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust([anchor])) == [], "seed \(seed)")
        // And the next commits go on from there.
        try await bench.sync(3, using: &random)
        try await bench.compact()
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust([anchor])) == [], "seed \(seed)")
    }

    @Test("brings back no record of an erased event that was kept aside, and no other one twice")
    func quarantine() async throws {
        var bench = try EvidenceBench()
        let aside = ["erased", "other"].map { #"{"id":"\#($0)","n":1}"# }
        try await bench.archive.commit([TestEvent(1, at: "2025-02-27T00:00:00Z")], quarantine: aside, now: bench.now)
        let older = bench.copy()
        let files = try older.manifest().quarantine
        bench.pass(.seconds(60))
        let now = bench.now
        for id in ["erased", "nobody"] {
            let report = try await bench.open { session in
                try await Erasure(
                    session, bench.archive.layout, fileSystem: bench.disk,
                    compression: CompressionSettings(level: 6, parallelism: 1)
                ).run(id: id, reason: "r", now: now)
            }
            #expect(report?.quarantined == (id == "erased" ? 1 : nil))
        }
        for file in files { try bench.archive.replace(file.name.path, try older.bytes(file.name.path)) }
        #expect(try await bench.rebuild().faults == [])
        let kept = try bench.archive.manifest().quarantine
        let lines = try kept.flatMap { try TestArchive.lines(in: bench.archive.bytes($0.name.path)) }
        #expect(lines.count == 1 && lines[0].contains("other"), "\(lines)")
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust()) == [])
        let last = try await bench.open { session in
            try await Erasure(
                session, bench.archive.layout, fileSystem: bench.disk,
                compression: CompressionSettings(level: 6, parallelism: 1)
            ).run(id: "other", reason: "r", now: now)
        }
        #expect(last?.quarantined == 1)
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust()) == [])
    }

    @Test("brings no erased event back with a file of a name that was never used")
    func stray() async throws {
        var random = SeededRandom(seed: 5)
        let bench = try await { () async throws -> EvidenceBench in
            var bench = try EvidenceBench()
            try await bench.sync(8, using: &random)
            return bench
        }()
        let older = bench.copy()
        let before = try bench.archive.lines()
        try await bench.erase(using: &random)
        let lines = try bench.archive.lines().sorted()
        let erased = Set(before).subtracting(lines)
        let file = try #require(
            try older.manifest().files.first { file in
                try !erased.isDisjoint(with: TestArchive.lines(in: older.bytes(file.name.path)))
            })
        let name = DataFileName(date: file.name.date, generation: file.name.generation, part: 77)
        try bench.disk.ensureDirectory(bench.archive.layout.partition(file.name.date))
        try bench.archive.replace(name.path, try older.bytes(file.name.path))
        #expect(try await bench.rebuild().faults == [])
        #expect(try bench.archive.lines().sorted() == lines)
        #expect(try await EvidenceBench.faults(bench.archive, bench.trust()) == [])
    }
}
