import AuditArchive
@testable import AuditSync
import CaptivateIQSimulator
import CivilTime
import SyncTestSupport
import Testing

@Suite("Backfill")
struct BackfillTests {
    @Test("is equal to the API's events, in every order; a second sync changes no file", arguments: EventOrder.allCases)
    func everyOrder(order: EventOrder) async throws {
        try await SyncHarness.run {
            $0.listing.order = order
        } _: { harness in
            let first = try await harness.sync()
            #expect(first.failure == nil)
            #expect(first.report.outcome == .ok)
            #expect(first.report.events == 400)
            try harness.expectEqual()
            let manifest = try harness.manifest()
            #expect(manifest.pending.isEmpty)
            let second = try await harness.sync()
            #expect(second.failure == nil)
            #expect(second.report.events == 0)
            #expect(try harness.manifest() == manifest)
        }
    }

    @Test("does not depend on how the date filter is meant", arguments: [-720, -480, 0, 330, 840], [true, false])
    func dateFilters(offsetMinutes: Int, inclusive: Bool) async throws {
        try await SyncHarness.run {
            $0.listing.filterOffsetMinutes = offsetMinutes
            $0.listing.endDateInclusive = inclusive
            $0.population.days = 15
            $0.population.count = 800
        } _: { harness in
            // Pages of 2 make windows of 200 events, so that there are several.
            let outcome = try await harness.sync(pageSize: 2)
            #expect(outcome.failure == nil)
            try harness.expectEqual()
        }
    }

    @Test("survives a server that cuts the limit", arguments: [137, 7])
    func cutLimit(cap: Int) async throws {
        try await SyncHarness.run {
            $0.listing.limitCap = cap
        } _: { harness in
            #expect(try await harness.sync(pageSize: 1000).failure == nil)
            try harness.expectEqual()
        }
    }

    @Test("never trusts `next`", arguments: NextStyle.allCases)
    func nextStyles(style: NextStyle) async throws {
        try await SyncHarness.run {
            $0.listing.nextStyle = style
        } _: { harness in
            #expect(try await harness.sync().failure == nil)
            try harness.expectEqual()
        }
    }

    @Test("keeps the text of the events whatever white space the API sends", arguments: WhitespaceStyle.allCases)
    func whitespace(style: WhitespaceStyle) async throws {
        try await SyncHarness.run {
            $0.listing.whitespace = style
        } _: { harness in
            #expect(try await harness.sync().failure == nil)
            try harness.expectEqual()
        }
    }

    @Test(
        "survives every passing fault at 20 % of requests",
        arguments: [
            "500", "502", "503", "504", "429", "reset", "truncate", "timeout", "html200", "html503", "notjson",
            "wrongshape", "emptypage"
        ])
    func faults(kind: String) async throws {
        try await SyncHarness.run {
            $0.faults = try FaultPlan(specifications: ["\(kind):0.2"])
        } _: { harness in
            var outcome = try await harness.sync(pageSize: 100)
            // Empty pages are no error that a client could retry by itself: the walk says that it is not whole.
            for _ in 0..<5 where outcome.failure != nil && kind == "emptypage" {
                outcome = try await harness.sync(pageSize: 100)
            }
            #expect(outcome.failure == nil)
            try harness.expectEqual()
        }
    }

    @Test("an idle span costs a handful of requests, a dense one as many as its pages")
    func requestCounts() async throws {
        try await SyncHarness.run {
            $0.population.count = 4_000
            $0.population.days = 30
        } _: { harness in
            let start = SyncHarness.begin - .seconds(86_400 * 1_100)
            let outcome = try await harness.sync(since: start, pageSize: 1_000)
            // Four pages and an empty one, and counts of two parts and their common day: the list may be cut to just so many.
            #expect(outcome.report.requests == 8)
        }
        try await SyncHarness.run {
            $0.population.count = 6_000
            $0.population.days = 30
        } _: { harness in
            let outcome = try await harness.sync(pageSize: 30)
            #expect(outcome.report.events == 6_000)
            // Where rows of one time lie around the edge of a page, one more page holds all of them.
            #expect(outcome.report.requests <= 6_000 / 28 + 40)
        }
    }

    @Test("fills the gap when the start moves back, and keeps the start when it moves forward")
    func movedStart() async throws {
        try await SyncHarness.run {
            $0.population.days = 10
        } _: { harness in
            let late = SyncHarness.begin - .seconds(86_400 * 3)
            _ = try await harness.sync(since: late)
            let some = try harness.archivedLines().count
            #expect(some < 400 && some > 0)
            _ = try await harness.sync(since: SyncHarness.begin - .seconds(86_400 * 20))
            try harness.expectEqual()
            let forward = try await harness.sync(since: late)
            #expect(forward.report.warnings.count == 1)
            #expect(try harness.manifest().startTimestamp == SyncHarness.begin - .seconds(86_400 * 20))
            try harness.expectEqual()
        }
    }

    @Test("without backfill_start_time the first sync fetches nothing, and later ones all that came since")
    func withoutBackfill() async throws {
        try await SyncHarness.run { harness in
            let first = try await harness.sync(since: nil)
            #expect(first.failure == nil)
            #expect(first.report.events == 0)
            #expect(first.report.requests == 1)
            #expect(try harness.manifest().organization != nil)
            #expect(try harness.manifest().startTimestamp == SyncHarness.begin)
            harness.clock.advance(by: .seconds(3_600))
            harness.arrive(70)
            let second = try await harness.sync(since: nil)
            #expect(second.report.events == 70)
            #expect(try harness.archivedLines().count == 70)
        }
    }
}
