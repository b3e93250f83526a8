import AuditArchive
@testable import AuditSync
import CaptivateIQAPI
import CaptivateIQSimulator
import CivilTime
import SyncTestSupport
import Testing

/// Servers that would keep a walk busy for ever, and a first sync whose clock is a little ahead.
@Suite("Hostile walks")
struct HostileWalkTests {
    static let three = HostileCountTests.three

    @Test(
        "a count far above what there is costs a bounded number of requests", arguments: ["1000000", "9007199254740992"]
    )
    func tooLarge(total: String) async throws {
        try await SyncHarness.runInMemory { harness in
            let server = RecordServer(Self.three, .init(total: total, patience: 1_000))
            let outcome = try await harness.sync(client: try harness.makeClient(server))
            #expect(outcome.failure == nil)
            #expect(outcome.report.warnings.contains { $0.contains("counts \(total) events") })
            #expect(!server.isWornOut, "\(server.requests) requests")
        }
    }

    @Test(
        "a server that repeats its first page for ever is given up",
        arguments: ["1000", "1000000", "9007199254740992"])
    func ignoredOffset(total: String) async throws {
        try await SyncHarness.runInMemory { harness in
            let server = RecordServer(Self.three, .init(total: total, ignoresOffset: true, patience: 1_500))
            let outcome = try await harness.sync(client: try harness.makeClient(server))
            #expect(outcome.failure != nil)
            #expect(!server.isWornOut, "\(server.requests) requests")
            #expect(try harness.archivedLines().sorted() == Self.three.sorted())
        }
    }

    @Test("what does not add up in two syncs running is the API's fault, until a sync ends whole")
    func contradictory() async throws {
        try await SyncHarness.runInMemory { harness in
            let server = RecordServer(Self.three, .init(total: "1000", ignoresOffset: true, patience: 5_000))
            for round in 0..<3 {
                let outcome = try await harness.sync(client: try harness.makeClient(server))
                switch outcome.failure?.kind {
                case .incomplete: #expect(round == 0)
                case .contradictory: #expect(round > 0)
                default: Issue.record("round \(round): \(outcome)")
                }
            }
            server.change { _, manner in (manner.total, manner.ignoresOffset) = (nil, false) }
            #expect(try await harness.sync(client: try harness.makeClient(server)).failure == nil)
            server.change { _, manner in (manner.total, manner.ignoresOffset) = ("1000", true) }
            harness.clock.advance(by: .seconds(86_400))
            let outcome = try await harness.sync(client: try harness.makeClient(server))
            guard case .incomplete? = outcome.failure?.kind else {
                Issue.record("\(outcome)")
                return
            }
        }
    }

    @Test("a clock that is less than a minute ahead does not move the start past the API's now", arguments: [5, 45, 59])
    func slightlyAhead(seconds: Int) async throws {
        try await SyncHarness.runInMemory {
            $0.clockOffset = -Int64(seconds) * 1_000_000
        } _: { harness in
            #expect(try await harness.sync(since: nil).failure == nil)
            let start = try harness.manifest().startTimestamp
            #expect(start <= harness.clock.now() - .seconds(seconds) + .seconds(1))
        }
    }
}
