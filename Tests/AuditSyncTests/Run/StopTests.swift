import AuditArchive
@testable import AuditSync
import CaptivateIQAPI
import CaptivateIQSimulator
import CivilTime
import SyncTestSupport
import Testing

@Suite("Stopped and failed syncs")
struct StopTests {
    /// Runs a test with 75 events a day for 20 days.
    private static func runManyDays(
        _ order: EventOrder = .ascending, _ body: (SyncHarness) async throws -> Void
    ) async throws {
        try await SyncHarness.run(
            {
                $0.listing.order = order
                $0.population.count = 1_500
                $0.population.days = 20
            }, body)
    }

    @Test("keep what was received, at any request, and the next one completes", arguments: EventOrder.allCases, 1...12)
    func failures(order: EventOrder, number: Int) async throws {
        try await SyncHarness.run {
            $0.listing.order = order
        } _: { harness in
            let failed = try await harness.sync(
                pageSize: 40, client: try harness.failingClient(after: number, .error(.connection("gone"))))
            guard number < 10 else { return }
            #expect(failed.report.outcome == .failed)
            #expect(failed.report.events == (try harness.archivedLines().count))
            #expect(failed.report.events > 0)
            #expect(try harness.manifest().pending.isEmpty == false)
            // Lookback 0: only what is remembered as pending can bring the rest.
            let next = try await harness.sync(pageSize: 40, lookback: .zero)
            #expect(next.failure == nil)
            try harness.expectEqual()
            #expect(try harness.manifest().pending.isEmpty)
        }
    }

    @Test(
        "stopped again and again, a backfill of many windows still ends with every event",
        arguments: [EventOrder.ascending, .descending])
    func manyStops(order: EventOrder) async throws {
        try await Self.runManyDays(order) { harness in
            var runs = 0
            while runs < 60 {
                runs += 1
                // Some 450 events, of 75 a day, less the window that is interrupted.
                let client = try harness.failingClient(after: 45, .error(.cancelled))
                if try await harness.sync(pageSize: 12, lookback: .zero, client: client).failure == nil { break }
            }
            #expect(runs < 10)
            try harness.expectEqual()
        }
    }

    @Test(
        "what a stopped sync had read is read again as far as the look-back of the next one reaches",
        arguments: [EventOrder.ascending, .descending])
    func grownLookback(order: EventOrder) async throws {
        try await Self.runManyDays(order) { harness in
            for _ in 1...3 {
                let client = try harness.failingClient(after: 45, .error(.cancelled))
                #expect(try await harness.sync(pageSize: 12, concurrency: 1, client: client).failure != nil)
            }
            let left = try #require(try harness.manifest().pending.ranges.first)
            #expect(left.lowerBound > SyncHarness.begin - .seconds(86_400 * 16))
            harness.clock.advance(by: .seconds(86_400))
            let late = left.lowerBound - .seconds(86_400 * 3)
            harness.core.add(at: [late.microseconds], now: SimulatorInstant(harness.clock))
            #expect(try await harness.sync(pageSize: 12, lookback: .seconds(86_400 * 30)).failure == nil)
            try harness.expectEqual()
        }
    }

    @Test("a start that moves back within its day is asked for, although the chain of windows began there")
    func startWithinADay() async throws {
        try await SyncHarness.run {
            $0.population.count = 6_000
            $0.population.days = 20
        } _: { harness in
            let day = try #require(CalendarDay("2026-02-14")).start
            let stopped = try await harness.sync(
                since: day + .seconds(36_000), pageSize: 5,
                client: try harness.failingClient(after: 250, .error(.cancelled)))
            #expect(stopped.failure != nil && stopped.report.events > 0)
            let next = try await harness.sync(since: day, pageSize: 50)
            #expect(next.failure == nil)
            let expected = harness.core.events(at: SimulatorInstant(harness.clock)).count {
                $0.createdAt >= day.microseconds
            }
            #expect(try harness.archivedLines().count == expected)
        }
    }

    @Test("an idle span that was walked is not walked again, although nothing was in it")
    func emptyWindows() async throws {
        try await SyncHarness.run {
            $0.population.count = 3_000
            $0.population.days = 5
        } _: { harness in
            let start = SyncHarness.begin - .seconds(86_400 * 300)
            // The first request shows how many there are, the next ones walk idle weeks.
            let client = try harness.failingClient(after: 4, .error(.cancelled))
            let stopped = try await harness.sync(since: start, pageSize: 5, client: client)
            #expect(stopped.report.events == 0)
            let left = try #require(try harness.manifest().pending.ranges.first)
            #expect(left.lowerBound > start + .seconds(86_400 * 30))
        }
    }

    @Test("a sync that fails before anything is received leaves no archive behind")
    func nothingReceived() async throws {
        try await SyncHarness.run { harness in
            let failed = try await harness.sync(client: try harness.failingClient(after: 0, .answer(status: 401)))
            #expect(failed.failure != nil)
            #expect(try PosixFileSystem().status(of: harness.layout.manifest) == nil)
        }
    }

    @Test("events of another organization are not written")
    func foreignOrganization() async throws {
        try await SyncHarness.run { harness in
            _ = try await harness.sync()
            let manifest = try harness.manifest()
            try await SyncHarness.run {
                $0.population.traits.organizationID = "org_foreign"
            } _: { other in
                try harness.expectForeign(try await harness.sync(client: try other.makeClient()).failure, manifest)
            }
        }
    }

    @Test("another organization without events closes no days, and has nothing new", arguments: [0, 5])
    func emptyForeignOrganization(days: Int) async throws {
        try await SyncHarness.run { harness in
            _ = try await harness.sync()
            let manifest = try harness.manifest()
            try await SyncHarness.runForeign { other in
                for clock in [harness.clock, other.clock] { clock.advance(by: .seconds(86_400 * days)) }
                try harness.expectForeign(try await harness.sync(client: try other.makeClient()).failure, manifest)
            }
            // With its own token days close that have no events.
            #expect(try await harness.sync().failure == nil)
            let complete = try harness.manifest().completeThrough
            #expect(complete == SyncHarness.begin.day.advanced(by: days - 2))
        }
    }

    @Test("what another organization without events did not list stays to be read, wherever that sync stopped")
    func stoppedForeignOrganization() async throws {
        try await SyncHarness.run { harness in
            _ = try await harness.sync(since: SyncHarness.begin - .seconds(86_400 * 2))
            try await SyncHarness.runForeign { other in
                let stopped = try await harness.sync(client: try other.failingClient(after: 1, .answer(status: 401)))
                guard case .api? = stopped.failure?.kind else {
                    Issue.record("\(stopped)")
                    return
                }
            }
            #expect(try await harness.sync().failure == nil)
            try harness.expectEqual()
        }
    }

    @Test("where it cannot be asked whose an empty answer is, no day closes")
    func unknownOrganization() async throws {
        try await SyncHarness.run { harness in
            _ = try await harness.sync()
            let manifest = try harness.manifest()
            harness.clock.advance(by: .seconds(86_400 * 5))
            harness.core.purge(count: 400)
            let client = try harness.makeClient(
                UnaskableTransport(inner: SimulatorTransport(harness.core, clock: harness.clock)))
            guard case .api(let error)? = try await harness.sync(client: client).failure?.kind else {
                Issue.record("it closed days")
                return
            }
            #expect(error.kind == .unreachable)
            #expect(try harness.manifest() == manifest)
            #expect(try await harness.sync().failure == nil)
        }
    }

    @Test("a clock that is behind leaves what is pending to the next sync")
    func clockBehind() async throws {
        try await Self.runManyDays { harness in
            _ = try await harness.sync(since: SyncHarness.begin - .seconds(86_400 * 3))
            var behind = harness
            behind.localClock = SkewedClock(harness.clock, by: .seconds(-86_400 * 10))
            let stopped = try await behind.sync(
                pageSize: 12, concurrency: 1, client: try behind.failingClient(after: 20, .error(.cancelled)))
            #expect(stopped.failure != nil && stopped.report.events > 0)
            #expect(try await harness.sync().failure == nil)
            try harness.expectEqual()
        }
    }
}

/// A server that does not say whose a token is.
private struct UnaskableTransport: HTTPTransport {
    let inner: SimulatorTransport

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        if request.url.contains("organizations") { throw .connection("gone") }
        return try await inner.send(request)
    }
}
