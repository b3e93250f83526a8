import ArchiveTestSupport
import CaptivateIQAPI
import CaptivateIQSimulator
import Synchronization

/// A server of given records, in their order, that can lie about everything around them. Dates in a query are ignored.
final class RecordServer: HTTPTransport {
    /// What the server says; the defaults are honest.
    struct Manner: Sendable {
        /// `total_count` as JSON; nil for the truth.
        var total: String?
        /// `next` as JSON; nil for the truth.
        var next: String?
        /// Whether every page is the first.
        var ignoresOffset = false
        /// The `Date` header; nil for none.
        var date: String?
        /// Requests after which every answer is 404, so that a client that never ends does.
        var patience = 400
    }

    private struct State {
        var records: [String]
        var manner: Manner
        var urls: [String] = []
    }

    private let state: Mutex<State>

    init(_ records: [String], _ manner: Manner = Manner()) {
        state = Mutex(State(records: records, manner: manner))
    }

    /// What was asked for.
    var urls: [String] { state.withLock { $0.urls } }

    /// How many requests came.
    var requests: Int { urls.count }

    /// Whether a client went on and on.
    var isWornOut: Bool { state.withLock { $0.urls.count > $0.manner.patience } }

    /// Changes what the server has and says.
    func change(_ body: @Sendable (inout [String], inout Manner) -> Void) {
        state.withLock { body(&$0.records, &$0.manner) }
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        await Task.yield()
        let (records, manner, isWornOut) = state.withLock { state in
            state.urls.append(request.url)
            return (state.records, state.manner, state.urls.count > state.manner.patience)
        }
        let headers = manner.date.map { [(name: "Date", value: $0)] } ?? []
        if isWornOut { return HTTPResponse(status: 404, headers: headers, body: []) }
        let start = min(records.count, manner.ignoresOffset ? 0 : Self.number("offset", in: request.url))
        let end = min(records.count, start + Self.number("limit", in: request.url))
        let next = manner.next ?? (end < records.count ? #""https://api.captivateiq.com/x""# : "null")
        let text = """
            {"object":"list","total_count":\(manner.total ?? "\(records.count)"),"next":\(next),"previous":null,\
            "data":[\(records[start..<end].joined(separator: ","))]}
            """
        return HTTPResponse(status: 200, headers: headers, body: Array(text.utf8))
    }

    private static func number(_ name: String, in url: String) -> Int {
        let fields = url.split(whereSeparator: { $0 == "?" || $0 == "&" })
        return fields.first { $0.hasPrefix("\(name)=") }.flatMap { Int($0.dropFirst(name.count + 1)) } ?? 0
    }
}

/// An event as the API sends it, from JSON texts.
func record(id: String, at time: String = "2026-02-27T10:00:00Z", _ more: String = "") -> String {
    #"{"id":\#(id),"created_at":"\#(time)"\#(more)}"#
}

extension SyncHarness {
    /// Runs a test with a harness of its own whose archive is in memory.
    static func runInMemory(
        _ configure: (inout SimulatorConfiguration) throws -> Void = { _ in },
        _ body: (SyncHarness) async throws -> Void
    ) async throws {
        try await body(try inMemory(MemoryFileSystem(), configure))
    }
}
