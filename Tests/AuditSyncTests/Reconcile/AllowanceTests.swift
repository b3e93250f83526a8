import AuditArchive
import AuditRecords
@testable import AuditSync
import CivilTime
import SyncTestSupport
import Testing

/// What an earlier comparison found a count to be off by is no allowance: what came since would make up for it.
@Suite("Days whose counts are known to be off")
struct AllowanceTests {
    @Test("an event that was counted and is listed by now is missing, and not excused", arguments: [10, 20, 33])
    func listedGhost(day: Int) async throws {
        try await SyncHarness.runInMemory { harness in
            let first = SyncHarness.begin.day.advanced(by: -40)
            let all = (0..<39).flatMap { number in
                (0..<5).map { index in
                    record(
                        id: "\"\(number)-\(index)\"",
                        at: (first.advanced(by: number).start + .seconds(3_600 * (index + 1))).description)
                }
            }
            let ghost = record(
                id: "\"ghost\"", at: (first.advanced(by: day).start + .seconds(7_777)).description)
            let server = RecordServer(all, .init(honorsDates: true, unlisted: [ghost]))
            let outcome = try await harness.sync(since: first.start, client: try harness.makeClient(server))
            #expect(outcome.failure == nil)
            let before = try await harness.compare(transport: server)
            #expect(before.failure == nil && before.report.differing.isEmpty)
            #expect(try harness.manifest().checked.contains { ($0.unexplained ?? 0) > 0 })
            server.change { records, manner in
                manner.unlisted = []
                records.insert(ghost, at: 5 * day + 1)
            }
            let after = try await harness.compare(transport: server)
            #expect(after.failure == nil)
            #expect(after.report.differing.map(\.date) == [first.advanced(by: day)])
            #expect(after.report.missing.map(\.id) == ["ghost"])
        }
    }

    @Test("a day that was found to differ is compared and listed once, also by what repairs it", arguments: [0, 20, 35])
    func listedOnce(day: Int) async throws {
        try await SyncHarness.runInMemory { harness in
            let first = SyncHarness.begin.day.advanced(by: -40)
            let all = (0..<190).map { number in
                let time = first.advanced(by: number / 5).start + .seconds(3 * 3_600 * (1 + number % 5))
                return record(id: "\"\(number)\"", at: time.description)
            }
            let server = RecordServer(all, .init(honorsDates: true))
            let client = try harness.makeClient(server)
            #expect(try await harness.sync(since: first.start, client: client).failure == nil)
            let late = record(
                id: "\"late\"", at: (first.advanced(by: day).start + .seconds(7 * 3_600)).description)
            server.change { records, _ in records.insert(late, at: 5 * day + 2) }
            for repairs in [false, true] {
                let outcome = try await harness.compare(repairs: repairs, transport: server)
                #expect(outcome.failure == nil && outcome.report.missing.map(\.id) == ["late"])
                let days = outcome.report.differing
                #expect(days.map(\.date) == [first.advanced(by: day)])
                #expect(days.map(\.archived) == [5] && days.map(\.api) == [6] && days.map(\.missing) == [1])
            }
            let repaired = try await harness.compare(transport: server)
            #expect(repaired.failure == nil && repaired.report.outcome == .ok)
            #expect(try harness.archivedLines().count == 191)
        }
    }
}
