import CaptivateIQAPI
import SyncTestSupport
import Testing

/// Events of one time in an order that is not the same at two requests.
@Suite("Ties at a page's edge")
struct TieTests {
    @Test("a read row goes, another comes, and an unread one changes places with it: it is not lost")
    func removalAndArrival() async throws {
        try await SyncHarness.runInMemory { harness in
            let tie = { @Sendable (number: Int) in record(id: "\"tie \(number)\"", at: "2026-02-27T12:00:00Z") }
            let older = (0..<5).map { record(id: "\"\($0)\"") }
            let server = RecordServer(older + (0..<10).map(tie))
            let transport = EventfulTransport(server) { number in
                // Before the second page: tie 0 was read and goes, tie 10 comes, and tie 9 stands where tie 0 stood.
                if number == 2 { server.change { records, _ in records = older + ([9] + (1...8) + [10]).map(tie) } }
                return .nothing
            }
            for _ in 1...3 {
                let outcome = try await harness.sync(
                    pageSize: 10, concurrency: 1, client: harness.makeClient(transport))
                let isThere = try harness.archivedLines().contains(tie(9))
                #expect(outcome.failure != nil || isThere, "said to be whole")
                if outcome.failure == nil { break }
            }
            #expect(try harness.archivedLines().contains(tie(9)))
        }
    }
}
