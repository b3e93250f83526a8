import AuditArchive
import AuditSync
import CaptivateIQAPI
import CaptivateIQSimulator
import CivilTime
import SyncTestSupport
import Testing

/// Whatever archives events, only a sync that ended whole moves where the next one begins.
@Suite("Progress that is recorded")
struct ProgressTests {
    /// How a repair ends before its end.
    enum End: CaseIterable, Sendable {
        case failure, cancellation
    }

    @Test(
        "80 days without a sync, then a repair that is cut short: the next sync fetches the rest",
        arguments: End.allCases, [EventOrder.ascending, .descending, .unordered])
    func repairCutShort(end: End, order: EventOrder) async throws {
        for request in [2, 4, 6, 9, 12] {
            try await SyncHarness.runInMemory {
                $0.listing.order = order
            } _: { harness in
                _ = try await harness.settle()
                harness.pass(days: 80, events: 400)
                let transport = EventfulTransport(SimulatorTransport(harness.core, clock: harness.clock)) { number in
                    number < request ? .nothing : end == .failure ? .failure : .cancellation
                }
                _ = try await harness.compare(repairs: true, transport: transport)
                _ = try await harness.settle()
                try harness.expectEqual("stopped at request \(request)")
            }
        }
    }

    @Test("80 days without a sync, then a repair of some of them", arguments: [(60, 50), (20, 2), (79, 2), (3, 2)])
    func repairOfRange(from: Int, to: Int) async throws {
        try await SyncHarness.runInMemory { harness in
            _ = try await harness.settle()
            harness.pass(days: 80, events: 400)
            let today = harness.clock.now().day
            let (report, failure) = try await harness.compare(
                repairs: true, from: today.advanced(by: -from), to: today.advanced(by: -to))
            #expect(failure == nil && report.missingCount > 0)
            _ = try await harness.settle()
            try harness.expectEqual()
        }
    }

    @Test(
        "80 days without a sync are no damage: a comparison waits for the sync that closes them",
        arguments: [true, false])
    func comparisonBeforeSync(isRange: Bool) async throws {
        try await SyncHarness.runInMemory { harness in
            _ = try await harness.settle()
            let closed = try #require(try harness.manifest().completeThrough)
            harness.pass(days: 80, events: 400)
            let today = harness.clock.now().day
            let (report, _) = try await harness.compare(
                from: isRange ? closed.advanced(by: -1) : nil, to: isRange ? today.advanced(by: -20) : nil)
            #expect(report.missingCount == 0 && report.differing.isEmpty && report.days > 0)
            #expect(report.outcome == (isRange ? .incomplete : .ok))
            #expect(report.pending.isEmpty != isRange)
            #expect(try harness.manifest().checked.allSatisfy { $0.to <= closed })
            let later = try await harness.compare(from: closed.advanced(by: 1), to: today.advanced(by: -20))
            #expect(later.report.outcome == .nothingCompared)
            // What a repair archives there is not said to have been compared for good.
            let repair = try await harness.compare(repairs: true)
            #expect(repair.report.missingCount > 0 && repair.report.outcome == .ok)
            #expect(try harness.manifest().checked.allSatisfy { $0.to <= closed })
            _ = try await harness.settle()
            try harness.expectEqual()
        }
    }

    /// What commits without fetching anything new.
    enum Bystander: CaseIterable, Sendable {
        case comparison, rebuild, rebuildWithoutManifest, repair

        func run(_ harness: SyncHarness) async throws {
            switch self {
            case .comparison: _ = try await harness.compare()
            case .repair:
                let day = harness.clock.now().day.advanced(by: -2)
                _ = try await harness.compare(repairs: true, from: day, to: day)
            case .rebuild: try await harness.rebuildManifest()
            case .rebuildWithoutManifest:
                try harness.fileSystem.remove(harness.layout.manifest)
                try await harness.rebuildManifest()
            }
        }
    }

    @Test(
        "an event dated in the future, a pause, then a command that is no sync", arguments: Bystander.allCases,
        [30, 200])
    func futureEvent(command: Bystander, hours: Int) async throws {
        try await SyncHarness.runInMemory { harness in
            _ = try await harness.settle()
            harness.arriveAhead(hours: hours)
            #expect(try await harness.settle().report.events == 1)
            harness.pass(days: 10, events: 376)
            try await command.run(harness)
            _ = try await harness.settle()
            try harness.expectEqual()
        }
    }

    @Test("a clock that is ahead, and no Date to tell", arguments: [3_600, 86_400, 30 * 86_400])
    func clockAhead(seconds: Int) async throws {
        try await SyncHarness.runInMemory { harness in
            _ = try await harness.settle()
            var ahead = harness
            ahead.localClock = SkewedClock(harness.clock, by: .seconds(seconds))
            for isAhead in [true, false, true, false, false] {
                harness.pass(days: 1, events: 30)
                let dateless = DatelessAnswers(inner: SimulatorTransport(harness.core, clock: harness.clock))
                let now = isAhead ? ahead : harness
                let outcome = try await now.sync(client: now.makeClient(dateless))
                #expect(outcome.failure == nil && outcome.report.events == 30)
                try harness.expectEqual()
            }
        }
    }
}

/// Answers without a `Date`.
private struct DatelessAnswers: HTTPTransport {
    let inner: SimulatorTransport

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let response = try await inner.send(request)
        let headers = response.headers.filter { $0.name.lowercased() != "date" }
        return HTTPResponse(status: response.status, headers: headers, body: response.body)
    }
}
