import AuditArchive
@testable import AuditSync
import CaptivateIQAPI
import CaptivateIQSimulator
import CivilTime
import Synchronization
import SyncTestSupport
import Testing

@Suite("A first sync")
struct FirstSyncTests {
    private static let start = SyncHarness.begin - .seconds(86_400 * 40)

    @Test("commits the start before it archives anything, says so once, and asks no more for it")
    func announces() async throws {
        try await SyncHarness.run { harness in
            let begun = Mutex<[NewArchive]>([])
            let first = try await harness.sync(begun: { new in begun.withLock { $0.append(new) } })
            #expect(first.failure == nil && first.report.generation == 2)
            #expect(begun.withLock(\.self) == [NewArchive(startTimestamp: Self.start, pastEvents: nil)])
            try harness.expectEqual()
            let second = try await harness.sync(begun: { new in begun.withLock { $0.append(new) } })
            #expect(second.failure == nil && begun.withLock(\.count) == 1)
        }
    }

    @Test("without a backfill start knows how many events it passes over, with no request more")
    func pastEvents() async throws {
        try await SyncHarness.run { harness in
            let begun = Mutex<[NewArchive]>([])
            let first = try await harness.sync(since: nil, begun: { new in begun.withLock { $0.append(new) } })
            #expect(first.failure == nil && first.report.requests == 1 && first.report.generation == 1)
            #expect(begun.withLock(\.self).map(\.pastEvents) == [400])
            #expect(try harness.manifest().organization != nil)
            harness.clock.advance(by: .seconds(7_200))
            harness.arrive(3)
            #expect(try await harness.sync(since: nil).report.events == 3)
        }
    }

    @Test(
        "that fails right after leaves an archive that is to be filled, and the next one fills it", arguments: [1, 2, 3]
    )
    func failsEarly(number: Int) async throws {
        try await SyncHarness.run { harness in
            let client = try harness.failingClient(after: number, .error(.connection("gone")))
            let failed = try await harness.sync(pageSize: 5, client: client)
            #expect(failed.failure != nil)
            let manifest = try harness.manifest()
            #expect(manifest.startTimestamp == Self.start)
            // What came before it is kept.
            #expect(manifest.generation == 2 && manifest.files.isEmpty == false)
            #expect(manifest.syncedTo == nil && manifest.completeThrough == nil)
            // The start is remembered: no setting names it any more, and no look-back reaches it.
            let next = try await harness.sync(since: nil, lookback: .zero)
            #expect(next.failure == nil)
            try harness.expectEqual()
            #expect(try harness.manifest().pending.isEmpty && harness.manifest().organization != nil)
        }
    }

    @Test("of an organization without events begins, and asks whose it is once")
    func noEvents() async throws {
        try await SyncHarness.run {
            $0.population.count = 0
        } _: { harness in
            let first = try await harness.sync()
            #expect(first.failure == nil && first.report.generation == 2)
            let manifest = try harness.manifest()
            #expect(manifest.files.isEmpty && manifest.pending.isEmpty && manifest.organization != nil)
            let second = try await harness.sync()
            #expect(second.failure == nil && second.report.requests == 1)
        }
    }
}
