import ArchiveTestSupport
import AuditArchive
import AuditSync
import CaptivateIQAPI
import CaptivateIQSimulator
import CivilTime
import SyncTestSupport
import Testing

/// Hints of another history than the archive's: a generation's number comes again, its content does not.
@Suite("Hints of another history")
struct StaleHintTests {
    private func run(
        _ configure: (inout SimulatorConfiguration) -> Void = { _ in },
        _ body: (inout SyncHarness, inout ModelDisk) async throws -> Void
    ) async throws {
        let disk = MemoryFileSystem()
        var harness = try SyncHarness.inMemory(disk, configure)
        var storage = ModelDisk(disk, harness.layout)
        try await body(&harness, &storage)
    }

    private func putBack(_ harness: inout SyncHarness, _ storage: inout ModelDisk) throws {
        #expect(try storage.restore(.allButPrivate, age: 0))
        harness.fileSystem = storage.disk
    }

    /// Commands that commit between the return of the copy and the sync.
    enum Between: CaseIterable, Sendable {
        case comparison, repair, rebuild, rebuildWithoutManifest
    }

    private func act(_ between: Between, _ harness: SyncHarness) async throws {
        switch between {
        case .comparison: _ = try await harness.compare()
        case .repair: _ = try await harness.compare(repairs: true)
        case .rebuild: try await harness.rebuildManifest()
        case .rebuildWithoutManifest:
            try harness.fileSystem.remove(harness.layout.manifest)
            try await harness.rebuildManifest()
        }
    }

    @Test(
        "a copy one generation old is put back, the private folder stays, another command commits, then a sync",
        arguments: Between.allCases, [EventOrder.ascending, .descending])
    func olderCopy(between: Between, order: EventOrder) async throws {
        try await run {
            $0.listing.order = order
        } _: { (harness, storage) in
            _ = try await harness.settle()
            try storage.keepCopy()
            // Less than closes a day, so that a generation more is what either history has.
            harness.clock.advance(by: .seconds(3_600))
            harness.arrive(200)
            harness.arrive(10, lateHours: 20)
            _ = try await harness.settle()
            try putBack(&harness, &storage)
            try await act(between, harness)
            _ = try await harness.settle()
            try harness.expectEqual()
        }
    }

    @Test("a copy is put back while a backfill stands between two windows", arguments: Between.allCases, 2...7)
    func backfillChain(between: Between, request: Int) async throws {
        try await run {
            $0.population.days = 30
        } _: { (harness, storage) in
            try await backfill(harness, until: 5)
            try storage.keepCopy()
            try await backfill(harness, until: request)
            let generation = try harness.manifest().generation
            try putBack(&harness, &storage)
            // Until the number is the one that the chain speaks of.
            for _ in 0..<5 where try harness.manifest().generation < generation {
                harness.clock.advance(by: .seconds(60))
                try await act(between, harness)
            }
            _ = try await harness.settle()
            try harness.expectEqual()
        }
    }

    @Test(
        "the filter's zone changes while a backfill stands between two windows",
        arguments: [(840, -720), (330, -720), (0, -720), (840, 0), (840, -300)], [true, false])
    func zoneBetweenWindows(zones: (Int, Int), isInclusive: Bool) async throws {
        for (first, second) in [zones, (zones.1, zones.0)] {
            for request in [3, 5, 7, 9] {
                try await run {
                    $0.population.days = 30
                    $0.listing.filterOffsetMinutes = first
                    $0.listing.endDateInclusive = isInclusive
                } _: { (harness, _) in
                    try await backfill(harness, until: request)
                    try harness.list { $0.filterOffsetMinutes = second }
                    _ = try await harness.settle()
                    try harness.expectEqual("\(first) then \(second), at request \(request)")
                }
            }
        }
    }

    @Test(
        "the filter's zone changes while a backfill stands between two windows that share pages",
        arguments: [(840, -720), (0, -720), (840, 0)], [EventOrder.ascending, .descending])
    func zoneBetweenDenseWindows(zones: (Int, Int), order: EventOrder) async throws {
        var joints = 0
        for (first, second) in [zones, (zones.1, zones.0)] {
            try await run {
                $0.population.count = 700
                $0.population.days = 15
                $0.listing.order = order
                $0.listing.filterOffsetMinutes = first
            } _: { (harness, _) in
                for _ in 0..<3 { try await backfill(harness, until: 40, pageSize: 12) }
                if try harness.backfillHint?.contains(#""joint""#) ?? false { joints += 1 }
                try harness.list { $0.filterOffsetMinutes = second }
                _ = try await harness.settle()
                try harness.expectEqual("\(first) then \(second)")
            }
        }
        #expect(joints > 0)
    }

    @Test(
        "a late event and a removal that hid it from the probe, until it was too old for a walk",
        arguments: [(0, nil), (840, nil), (-720, nil), (0, 30), (0, 200)], [nil, Between.comparison, .rebuild, .repair])
    func hiddenLateEvent(what: (zone: Int, future: Int?), between: Between?) async throws {
        try await run {
            $0.listing.filterOffsetMinutes = what.zone
        } _: { (harness, _) in
            if let hours = what.future { harness.arriveAhead(hours: hours) }
            _ = try await harness.settle()
            harness.clock.advance(by: .seconds(3_600))
            let late = harness.clock.now() - .seconds(20 * 3_600)
            harness.core.add(at: [late.microseconds], now: SimulatorInstant(harness.clock))
            // The oldest of what a sync looks at: the count stays as it was.
            let window = harness.core.events(at: SimulatorInstant(harness.clock))
                .filter { $0.createdAt > (SyncHarness.begin - .seconds(30 * 3_600)).microseconds }
            harness.core.remove(ids: Set(window.prefix(1).map(\.id)))
            #expect(try await harness.sync().failure == nil)
            harness.pass(days: 10, events: 60)
            if let between { try await act(between, harness) }
            for hours in [0, 70, 24] {
                harness.clock.advance(by: .seconds(3_600 * hours))
                harness.arrive(30)
                #expect(try await harness.sync().failure == nil)
            }
            try harness.expectEqual()
        }
    }

    /// A first sync in windows of one page that ends at a request.
    private func backfill(_ harness: SyncHarness, until request: Int, pageSize: Int = 50) async throws {
        let transport = EventfulTransport(SimulatorTransport(harness.core, clock: harness.clock)) { number in
            harness.clock.advance(by: .seconds(6))
            return number < request ? .nothing : .failure
        }
        try harness.fileSystem.ensureDirectory(harness.layout.root)
        try harness.fileSystem.ensureDirectory(harness.layout.privateDirectory)
        let path = harness.layout.hint("backfill.json")
        let old = try harness.fileSystem.contents(of: path).flatMap(BackfillHint.init(decoding:))
        try harness.fileSystem.removeIfPresent(path)
        try harness.fileSystem.createDurably(path, BackfillHint(pages: 1, chain: old?.chain).encoded())
        _ = try await harness.sync(pageSize: pageSize, concurrency: 1, client: harness.makeClient(transport))
    }
}

extension SyncHarness {
    /// The text of the backfill's hint.
    fileprivate var backfillHint: String? {
        get throws {
            try fileSystem.contents(of: layout.hint("backfill.json")).map { String(decoding: $0, as: UTF8.self) }
        }
    }
}
