import AuditArchive
@testable import AuditSync
import CaptivateIQSimulator
import CivilTime
import SyncTestSupport
import Testing

@Suite("What a sync would cost")
struct SyncEstimateTests {
    private func estimate(_ harness: SyncHarness, since start: Timestamp?) async throws -> SyncEstimate {
        let settings = SyncSettings(backfillStart: start, lookback: .seconds(86_400), pageSize: 50, concurrency: 4)
        return try await SyncEstimate.make(
            settings, manifest: try? harness.manifest(), layout: harness.layout, fileSystem: harness.fileSystem,
            client: try harness.makeClient(), now: harness.clock.now())
    }

    private static let start = SyncHarness.begin - .seconds(86_400 * 40)

    @Test("is close to what the sync then takes, for a backfill and for syncs after it")
    func close() async throws {
        try await SyncHarness.run {
            $0.population.count = 4_000
            $0.population.days = 30
        } _: { harness in
            for arrivals in [0, 0, 7, 400] {
                harness.arrive(arrivals)
                let estimate = try await estimate(harness, since: Self.start)
                let outcome = try await harness.sync(since: Self.start)
                #expect(outcome.failure == nil)
                let needed = outcome.report.requests
                #expect(estimate.requests <= needed + 2 + needed / 4, "\(estimate) for \(needed)")
                #expect(needed <= estimate.requests + 2 + estimate.requests / 4, "\(estimate) for \(needed)")
                #expect(estimate.from != nil && estimate.warnings.isEmpty)
            }
        }
    }

    @Test("of a first sync without a start is two requests, and no events")
    func withoutStart() async throws {
        try await SyncHarness.run { harness in
            let estimate = try await estimate(harness, since: nil)
            #expect(estimate == SyncEstimate(requests: 2, events: 0, from: nil, warnings: []))
        }
    }

    @Test("counts what is new alone where the last sync is known, and makes at most three requests for it")
    func new() async throws {
        try await SyncHarness.run {
            $0.population.count = 2_000
            $0.population.days = 5
        } _: { harness in
            _ = try await harness.sync(since: Self.start)
            harness.arrive(3)
            let before = harness.core.statistics.requests
            let estimate = try await estimate(harness, since: Self.start)
            #expect(harness.core.statistics.requests - before <= 3)
            #expect(estimate.events == 3 && estimate.isExact && estimate.requests == 1, "\(estimate)")
        }
    }

    @Test("writes nothing")
    func readsOnly() async throws {
        try await SyncHarness.run { harness in
            _ = try await estimate(harness, since: Self.start)
            #expect(try harness.fileSystem.status(of: harness.layout.root) == nil)
        }
    }
}
