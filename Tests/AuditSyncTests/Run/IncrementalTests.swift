import AuditArchive
@testable import AuditSync
import CaptivateIQSimulator
import SyncTestSupport
import Testing

@Suite("Incremental sync")
struct IncrementalTests {
    @Test("six rounds of arrivals with ties and late events: each once", arguments: EventOrder.allCases)
    func rounds(order: EventOrder) async throws {
        try await SyncHarness.run {
            $0.listing.order = order
        } _: { harness in
            _ = try await harness.sync()
            for round in 1...6 {
                harness.clock.advance(by: .seconds(4 * 3_600))
                harness.arrive(20 * round, ties: 5)
                harness.arrive(7, lateHours: 20)
                let outcome = try await harness.sync()
                #expect(outcome.failure == nil)
                #expect(outcome.report.events == 20 * round + 7, "round \(round)")
                try harness.expectEqual("round \(round)")
            }
        }
    }

    @Test(
        "nothing new and a few new events cost one request, in either order",
        arguments: [EventOrder.ascending, .descending])
    func oneRequest(order: EventOrder) async throws {
        try await SyncHarness.run {
            $0.listing.order = order
        } _: { harness in
            _ = try await harness.sync()
            #expect(try await harness.sync().report.requests == 1)
            harness.clock.advance(by: .seconds(60))
            harness.arrive(30)
            let outcome = try await harness.sync()
            #expect(outcome.report.requests == 1)
            #expect(outcome.report.events == 30)
            try harness.expectEqual()
            #expect(try await harness.sync().report.requests == 1)
        }
    }

    @Test(
        "a late event is found although the newest rows did not change", arguments: [EventOrder.ascending, .descending])
    func lateEvents(order: EventOrder) async throws {
        try await SyncHarness.run {
            $0.listing.order = order
        } _: { harness in
            _ = try await harness.sync()
            harness.arrive(3, lateHours: 20)
            #expect(try await harness.sync().report.events == 3)
            try harness.expectEqual()
        }
    }

    @Test(
        "pages that move while they are read: whole, or it says so and the next quiet sync is",
        arguments: 0..<28 as Range<UInt64>)
    func movingPages(seed: UInt64) async throws {
        try await SyncHarness.run {
            $0.population.seed = seed
            $0.listing.order = EventOrder.allCases[Int(seed % 4)]
            $0.motion.arrivalsPerRequest = Int(seed % 7) + 1
            $0.motion.lateShare = seed.isMultiple(of: 3) ? 0.3 : 0
            $0.motion.ties = seed.isMultiple(of: 2) ? 4 : 1
        } _: { harness in
            let noisy = try await harness.sync(pageSize: 40)
            if let failure = noisy.failure { #expect(failure.isIncomplete, "seed \(seed)") }
            harness.core.quiet()
            let quiet = try await harness.sync(pageSize: 40)
            #expect(quiet.failure == nil, "seed \(seed)")
            try harness.expectEqual("seed \(seed)")
        }
    }

    @Test("records that cannot be archived are kept aside once and stop nothing")
    func oddRecords() async throws {
        try await SyncHarness.run {
            $0.population.traits.oddShares = [.noID: 0.02, .notAnObject: 0.01]
        } _: { harness in
            let first = try await harness.sync()
            #expect(first.failure == nil)
            #expect(first.report.quarantined > 0)
            try harness.expectEqual()
            let files = try harness.manifest().quarantine
            #expect(files.map(\.records).reduce(0, +) == first.report.quarantined)
            let second = try await harness.sync()
            #expect(second.report.quarantined == 0)
            #expect(try harness.manifest().quarantine == files)
        }
    }

    @Test("an id that comes back with other content stays as it was first archived")
    func changedContent() async throws {
        try await SyncHarness.run {
            $0.population.changedShare = 0.05
        } _: { harness in
            _ = try await harness.sync()
            let before = try harness.archivedLines()
            harness.clock.advance(by: .seconds(86_400))
            // The look-back covers all, and it is time for a whole walk, so that every event is read again.
            _ = try await harness.sync(pageSize: 45, lookback: .seconds(86_400 * 60))
            let second = try await harness.sync(pageSize: 45, lookback: .seconds(86_400 * 60))
            #expect(second.failure == nil)
            #expect(try harness.archivedLines() == before)
            #expect(try harness.manifest().quarantine.isEmpty == false)
        }
    }
}

extension SyncFailure {
    fileprivate var isIncomplete: Bool {
        if case .incomplete = kind { true } else { false }
    }
}
