import ArchiveTestSupport
import AuditArchive
@testable import AuditSync
import Foundation
import SyncTestSupport
import Testing
import TestSupport

/// Servers that send the same events in another form each time.
@Suite("Records that are never written the same twice")
struct UnstableRecordTests {
    /// An event on one of three days; `size`: bytes to fill it up with.
    private static func event(_ number: Int, size: Int = 0) -> String {
        let day = 25 + number % 3
        let filler = String(repeating: "x", count: size)
        return record(id: "\"e\(number)\"", at: "2026-02-\(day)T10:00:\(10 + number % 50)Z", ",\"f\":\"\(filler)\"")
    }

    /// The record with its members turned round by the number of the request.
    @Sendable private static func turned(_ record: String, _ request: Int) -> String {
        let members = record.dropFirst().dropLast().split(separator: ",")
        let turn = request % members.count
        return "{" + (members[turn...] + members[..<turn]).joined(separator: ",") + "}"
    }

    /// The record with a member that is another one at each request.
    @Sendable private static func volatile(_ record: String, _ request: Int) -> String {
        record.dropLast() + ",\"seen\":\(request)}"
    }

    private func expectEach(_ count: Int, _ harness: SyncHarness) throws {
        let ids = try harness.archivedLines().map { line in
            line.firstMatch(of: #/"id":"(e\d+)"/#).map { String($0.1) } ?? line
        }
        #expect(ids.sorted() == (0..<count).map { "e\($0)" }.sorted())
    }

    @Test(
        "in another order are the same events: nothing in quarantine, no commit without need", arguments: [7, 50, 1000])
    func order(pageSize: Int) async throws {
        try await SyncHarness.runInMemory { harness in
            let server = RecordServer((0..<300).map { Self.event($0) }, .init(record: Self.turned))
            for round in 0..<4 {
                let outcome = try await harness.sync(
                    pageSize: pageSize, lookback: .seconds(86_400 * 9), client: try harness.makeClient(server))
                #expect(outcome.failure == nil)
                #expect(outcome.report.events == (round == 0 ? 300 : 0))
                #expect(outcome.report.quarantined == 0)
                #expect(outcome.report.alerts == [])
                #expect(try harness.manifest().generation == 2)
            }
            try expectEach(300, harness)
        }
    }

    @Test("in another order are the same events while most of them are on their way to files")
    func large() async throws {
        try await SyncHarness.runInMemory { harness in
            let server = RecordServer((0..<400).map { Self.event($0, size: 100_000) }, .init(record: Self.turned))
            let outcome = try await harness.sync(pageSize: 20, client: try harness.makeClient(server))
            #expect(outcome.failure == nil)
            #expect(outcome.report.events == 400 && outcome.report.quarantined == 0)
            #expect(try harness.manifest().generation == 2)
            // Again from the archive, and with two changes in it.
            server.change { records, _ in
                for number in [3, 399] { records[number] = records[number].replacing("\"f\":", with: "\"g\":") }
            }
            for round in 0..<2 {
                // Probes look at the newest rows only.
                harness.clock.advance(by: .seconds(46_800))
                let again = try await harness.sync(
                    pageSize: 20, lookback: .seconds(86_400 * 9), client: try harness.makeClient(server))
                #expect(again.failure == nil)
                #expect(again.report.events == 0)
                #expect(again.report.quarantined == (round == 0 ? 2 : 0))
                #expect(again.report.alerts.count == (round == 0 ? 1 : 0), "\(again.report.alerts)")
            }
            try expectEach(400, harness)
        }
    }

    @Test("by a member that always differs are kept eight times each, and no more")
    func volatility() async throws {
        try await SyncHarness.runInMemory { harness in
            let server = RecordServer((0..<30).map { Self.event($0) }, .init(record: Self.volatile))
            for _ in 0..<12 {
                // Probes look at the newest rows only.
                harness.clock.advance(by: .seconds(46_800))
                let outcome = try await harness.sync(
                    pageSize: 10, lookback: .seconds(86_400 * 30), client: try harness.makeClient(server))
                #expect(outcome.failure == nil)
                // One of the sync, and one of comparing the days that it closes.
                #expect(outcome.report.alerts.count <= 2)
            }
            try expectEach(30, harness)
            #expect(try harness.manifest().quarantine.reduce(0) { $0 + $1.records } == 30 * 8)
        }
    }

    @Test("in another order and without an id are kept once, and do not keep the pages from adding up")
    func odd() async throws {
        try await SyncHarness.runInMemory { harness in
            let records = (0..<40).map { Self.event($0).replacing("\"e\($0)\"", with: "\($0)") }
            let server = RecordServer(
                records + (0..<5).map { Self.event($0) }, .init(record: Self.turned))
            for round in 0..<3 {
                let outcome = try await harness.sync(pageSize: 10, client: try harness.makeClient(server))
                #expect(outcome.failure == nil, "\(String(describing: outcome.failure))")
                #expect(outcome.report.quarantined == (round == 0 ? 40 : 0))
            }
            try expectEach(5, harness)
        }
    }
}

/// What a run says where records cannot be archived.
@Suite("New records that are refused")
struct RefusedRecordTests {
    private static let good = (0..<10).map { record(id: "\"e\($0)\"", at: "2026-02-27T10:00:1\($0)Z") }

    @Test(
        "all of them end the run with a failure of its own, kept in quarantine",
        arguments: [
            (#""n""#, "2026-02-28T10:00:00", "no readable created_at (3, such as created_at \"2026-02-28T10:00:00\")"),
            (#""n""#, #"\u009b2J"#, #"(3, such as created_at "\u009b2J")"#),
            ("7", "2026-02-28T10:00:00Z", "no string id (3)")
        ])
    func none(id: String, time: String, reason: String) async throws {
        try await SyncHarness.runInMemory { harness in
            let server = RecordServer(Self.good)
            #expect(try await harness.sync(client: try harness.makeClient(server)).failure == nil)
            server.change { records, _ in
                records += (0..<3).map { record(id: id, at: time, ",\"n\":\($0)") }
            }
            let outcome = try await harness.sync(client: try harness.makeClient(server))
            guard case .noneUsable(let count, let reasons) = outcome.failure?.kind else {
                Issue.record("\(String(describing: outcome.failure))")
                return
            }
            #expect(count == 3 && reasons.contains(reason), "\(reasons)")
            #expect(outcome.report.alerts.count == 1 && outcome.report.alerts.joined().contains("3 of 3 new records"))
            #expect(try harness.manifest().quarantine.map(\.records) == [3])
            // They are known from now on.
            #expect(try await harness.sync(client: try harness.makeClient(server)).failure == nil)
            // One good one among them, and the run is a success that says what it left out.
            server.change { records, _ in
                records += [record(id: id, at: time, ",\"n\":9"), record(id: "\"e10\"")]
            }
            let mixed = try await harness.sync(client: try harness.makeClient(server))
            #expect(mixed.failure == nil && mixed.report.events == 1)
            #expect(mixed.report.alerts.count == 1 && mixed.report.alerts.joined().contains("1 of 2 new records"))
        }
    }
}
