import AuditArchive
@testable import AuditSync
import CivilTime
import SyncTestSupport
import Testing

/// An API that shows no more than so many rows of a list, and a day that has more: what it has beyond them cannot be had,
/// and what other days have must not be hidden by it.
@Suite("Days that are longer than the API's lists")
struct DeepListTests {
    private static let mostRows = 50
    private static let heavy = SyncHarness.begin.day.advanced(by: -14)

    /// A day of 60 events, and two on each day around it from the ninth day before to the ninth after.
    private static func records(daysBefore: Int, daysAfter: Int, heavy: CalendarDay = heavy) -> [String] {
        var records: [String] = []
        for number in -daysBefore...daysAfter {
            let day = heavy.advanced(by: number)
            for index in 0..<(number == 0 ? 60 : 2) {
                let time = day.start + .seconds(3_600 + 60 * index)
                records.append(record(id: "\"\(day)-\(index)\"", at: time.description))
            }
        }
        return records
    }

    private static func isHeavy(_ line: String) -> Bool { line.contains("\"id\":\"\(heavy)-") }

    @Test(
        "hide nothing of other days, in either order",
        arguments: [(0, 9), (9, 0), (9, 9), (1, 1), (0, 1), (1, 0), (0, 0)], [true, false])
    func heavyDay(days: (before: Int, after: Int), isAscending: Bool) async throws {
        try await SyncHarness.runInMemory { harness in
            let all = Self.records(daysBefore: days.before, daysAfter: days.after)
            let server = RecordServer(
                isAscending ? all : all.reversed(),
                .init(
                    honorsDates: true, mostRows: Self.mostRows, date: "Sun, 01 Mar 2026 12:00:00 GMT", patience: 2_000))
            for round in 0..<3 {
                let outcome = try await harness.sync(
                    since: Self.heavy.advanced(by: -14).start, pageSize: 20, client: try harness.makeClient(server))
                #expect(outcome.failure == nil, "round \(round)")
                let lines = try harness.archivedLines()
                #expect(Set(lines.filter { !Self.isHeavy($0) }) == Set(all.filter { !Self.isHeavy($0) }))
                #expect(lines.count { Self.isHeavy($0) } == Self.mostRows)
                harness.clock.advance(by: .seconds(3_600))
            }
            #expect(server.requests < 300, "\(server.requests) requests")
            for _ in 0..<2 {
                let (report, failure) = try await harness.compare(transport: server)
                #expect(failure == nil && report.incomplete == [] && report.differing == [])
                let checked = try harness.manifest().checked
                #expect(checked.contains { $0.unexplained == 60 - Self.mostRows }, "\(checked)")
                #expect(checked.contains { $0.contains(Self.heavy) }, "\(checked)")
            }
        }
    }

    @Test("hide nothing of the days that come after", arguments: [true, false])
    func later(isAscending: Bool) async throws {
        try await SyncHarness.runInMemory { harness in
            let today = harness.clock.now().day
            let all = Self.records(daysBefore: 0, daysAfter: 0, heavy: today.advanced(by: -1))
            let server = RecordServer(
                isAscending ? all : all.reversed(), .init(honorsDates: true, mostRows: Self.mostRows, patience: 1_000))
            var later: [String] = []
            for round in 0..<12 {
                let outcome = try await harness.sync(
                    since: today.advanced(by: -20).start, pageSize: 20, client: try harness.makeClient(server))
                #expect(outcome.failure == nil, "round \(round)")
                let lines = Set(try harness.archivedLines())
                #expect(later.allSatisfy(lines.contains), "round \(round)")
                harness.clock.advance(by: .seconds(4 * 3_600))
                let time = harness.clock.now() - .seconds(60)
                let new = record(id: "\"later-\(round)\"", at: time.description)
                later.append(new)
                server.change { records, _ in
                    if isAscending { records.append(new) } else { records.insert(new, at: 0) }
                }
            }
            #expect(server.requests < 600, "\(server.requests) requests")
        }
    }
}
