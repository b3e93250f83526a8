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
}
