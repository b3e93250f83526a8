import ArchiveTestSupport
import AuditArchive
@testable import AuditSync
import CivilTime
import Testing

/// An older copy of the archive is put back, and what syncs remember of the newer one stays.
@Suite("A restored copy")
struct RestoredCopyTests {
    @Test("never meets a hint of the history that it replaced, wherever syncs are killed")
    func olderGeneration() async throws {
        let points = try await FaultPoints(.backfill)
        let commits = points.trace.indices.filter {
            points.trace[$0].operation == .rename && points.trace[$0].path == points.layout.manifest
        }
        let disk = points.disk.copy()
        // The copy is of the first commit.
        await killed(points, disk, at: commits[0] + 2)
        let copy = disk.copy()
        try await points.process(on: copy).recover()
        let newer = points.disk.copy()
        try await points.process(on: newer).complete()
        let chain = BackfillCursor.Chain(
            manifest: try newer.requireManifest(points.layout).manifest.digest,
            from: (SyncHarness.begin - .seconds(86_400 * 40)).day.start,
            next: SyncHarness.begin.day.advanced(by: -1))
        let hint = points.layout.hint("backfill.json")
        try copy.removeIfPresent(hint)
        try copy.createDurably(hint, BackfillCursor(pages: 1, chain: chain).encoded())
        // The second commit is the first of the next sync, which is killed as soon as it stands.
        for number in stride(from: 1, through: points.trace.count, by: 4) {
            let found = copy.copy()
            await killed(points, found, at: number)
            try await points.process(on: found).complete()
            let violations = try ArchivePicture(points.layout, found).violations(expecting: points.expectedLines)
            #expect(violations == [], "killed at call \(number)")
        }
    }

    private func killed(_ points: FaultPoints, _ disk: MemoryFileSystem, at number: Int) async {
        try? await points.process(on: disk, FaultyFileSystem(disk, .number(number), .stops)).act()
    }
}
