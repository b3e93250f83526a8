import AuditArchive
@testable import AuditSync
import CaptivateIQAPI
import CaptivateIQSimulator
import CivilTime
import SyncTestSupport
import Testing

/// A system clock that is wrong: a warning is given, and nothing is lost, doubled, or dated past the API's now.
@Suite("Hostile clocks")
struct HostileClockTests {
    /// How far the system's clock is ahead of the API's, in seconds.
    static let skews = [-86_400 * 3, -7_200, -90, 90, 7_200, 86_400 * 3]

    private func run(skew: Int, _ body: (SyncHarness) async throws -> Void) async throws {
        try await SyncHarness.runInMemory({ $0.clockOffset = -Int64(skew) * 1_000_000 }, body)
    }

    /// Nothing in the manifest is later than the API's now; where the clock is behind, than its own.
    private func expectNotAhead(_ harness: SyncHarness, skew: Int) throws {
        let manifest = try harness.manifest()
        // Whole seconds in the header, and a moment between the answer and the commit.
        let now = harness.clock.now() - .seconds(skew) + .seconds(2)
        #expect(manifest.writtenAt <= now)
        #expect(manifest.startTimestamp <= now)
        if let newest = manifest.lastEventTimestamp { #expect(newest <= now) }
        for partition in manifest.partitions where partition.state == .closed {
            #expect(partition.date.advanced(by: 1).start + .seconds(86_400) <= now, "\(partition.date)")
        }
    }

    private func expectWarning(_ outcome: SyncHarness.Outcome, skew: Int) {
        let warning = outcome.report.warnings.first { $0.contains("clock") }
        #expect(warning?.contains(skew > 0 ? "ahead" : "behind") == true, "\(outcome.report.warnings)")
    }

    @Test("first sync with backfill, then steady state", arguments: skews)
    func backfillAndSteadyState(skew: Int) async throws {
        try await run(skew: skew) { harness in
            let since = SyncHarness.begin - .seconds(86_400 * 400)
            for round in 0..<4 {
                let outcome = try await harness.sync(since: since)
                #expect(outcome.failure == nil)
                #expect(outcome.report.events == (round == 0 ? 400 : 9))
                expectWarning(outcome, skew: skew)
                try expectNotAhead(harness, skew: skew)
                try harness.expectEqual("round \(round)")
                harness.clock.advance(by: .seconds(5 * 3_600))
                harness.arrive(6)
                harness.arrive(3, lateHours: 10)
            }
        }
    }

    @Test("first sync without backfill misses nothing that comes after it", arguments: skews)
    func withoutBackfill(skew: Int) async throws {
        try await run(skew: skew) { harness in
            let first = try await harness.sync(since: nil)
            #expect(first.failure == nil)
            expectWarning(first, skew: skew)
            try expectNotAhead(harness, skew: skew)
            for round in 1...3 {
                harness.clock.advance(by: .seconds(600))
                harness.arrive(20)
                let outcome = try await harness.sync(since: nil)
                #expect(outcome.failure == nil)
                // A clock that is behind lets earlier events in as well.
                #expect(skew < 0 ? outcome.report.events >= 20 : outcome.report.events == 20, "round \(round)")
            }
            let archived = Set(try harness.archivedLines())
            #expect(harness.expectedLines.suffix(60).allSatisfy(archived.contains))
        }
    }

    @Test("a clock that jumps between syncs", arguments: [-86_400 * 30, -86_400, -3_600, 3_600, 86_400 * 30])
    func jumps(seconds: Int) async throws {
        try await SyncHarness.runInMemory { harness in
            _ = try await harness.sync()
            var jumped = harness
            for round in 1...4 {
                harness.clock.advance(by: .seconds(3_600))
                harness.arrive(10, ties: 2)
                jumped.localClock = round.isMultiple(of: 2) ? nil : SkewedClock(harness.clock, by: .seconds(seconds))
                let outcome = try await jumped.sync()
                #expect(outcome.failure == nil)
                #expect(outcome.report.events == 10, "round \(round)")
                #expect(outcome.report.warnings.isEmpty == round.isMultiple(of: 2))
                try harness.expectEqual("round \(round)")
            }
        }
    }

    @Test(
        "no Date header, or one that is none: the system's clock counts, and nothing is lost",
        arguments: [
            nil, "", "yesterday", "Fri, 32 Jan 2026 10:00:00 GMT", "Sun, 01 Mar 10000 12:00:00 GMT"
        ])
    func garbageDate(date: String?) async throws {
        try await expectAll(date: date, warns: false)
    }

    @Test(
        "a Date at the calendar's ends is warned of, and nothing is lost",
        arguments: [
            "Mon, 01 Jan 0001 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"
        ])
    func absurdDate(date: String) async throws {
        try await expectAll(date: date, warns: true)
    }

    /// Also when only every other sync sees that date.
    private func expectAll(date: String?, warns: Bool) async throws {
        try await SyncHarness.runInMemory { harness in
            let server = RecordServer((0..<120).map { record(id: "\"\($0)\"") }, .init(date: date))
            for round in 0..<4 {
                let outcome = try await harness.sync(client: try harness.makeClient(server))
                #expect(outcome.failure == nil)
                #expect(outcome.report.events == (round == 0 ? 120 : 1))
                let isOdd = round.isMultiple(of: 2)
                #expect(outcome.report.warnings.isEmpty != (warns && isOdd), "\(outcome.report.warnings)")
                server.change { records, manner in
                    records.append(record(id: "\"new \(round)\"", at: "2026-03-01T1\(round):00:00Z"))
                    manner.date = isOdd ? nil : date
                }
                harness.clock.advance(by: .seconds(3_600))
            }
        }
    }
}
