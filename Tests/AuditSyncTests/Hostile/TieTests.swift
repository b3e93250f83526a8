import CaptivateIQAPI
import CivilTime
import SyncTestSupport
import Synchronization
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

    @Test("a page that had no room but for what it shares is not the list's end, whatever its total says")
    func halvedPage() async throws {
        try await SyncHarness.runInMemory { harness in
            // Newest first, with more of one time around the end of the first page than a page may share.
            var minute: Int64 = 0
            let all = (0..<700).map { number in
                if !(140..<215).contains(number) { minute += 1 }
                let time = SyncHarness.begin - .seconds(8 * 60 * minute)
                return record(id: "\"\(number)\"", at: time.description)
            }
            let server = RecordServer(all, .init(totalIsOfPage: true))
            let gateway = BusyGateway(server)
            let outcome = try await harness.sync(
                pageSize: 200, concurrency: 1, client: try harness.makeClient(gateway))
            #expect(outcome.failure == nil && gateway.refusals == 2)
            #expect(Set(try harness.archivedLines()) == Set(all))
        }
    }
}

/// Answers 502 in place of the server to the first two requests for a page of many rows that begins inside the first one.
private final class BusyGateway: HTTPTransport {
    private let server: RecordServer
    private let counter = Mutex(0)

    init(_ server: RecordServer) { self.server = server }

    /// How often it did so.
    var refusals: Int { counter.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let isLong = request.url.contains("limit=200&offset=1") || request.url.contains("limit=100&offset=1")
        let isRefused = counter.withLock { count in
            guard isLong, count < 2 else { return false }
            count += 1
            return true
        }
        return isRefused ? HTTPResponse(status: 502, headers: [], body: []) : try await server.send(request)
    }
}
