import ArchiveTestSupport
import CaptivateIQAPI
import CaptivateIQSimulator
import Synchronization

/// A server of given records, in their order, that can lie about everything around them.
final class RecordServer: HTTPTransport {
    /// What the server says; the defaults are honest.
    struct Manner: Sendable {
        /// `total_count` as JSON; nil for the truth.
        var total: String?
        /// Whether `total_count` is how many rows the page has.
        var totalIsOfPage = false
        /// `next` as JSON; nil for the truth.
        var next: String?
        /// Whether every page is the first.
        var ignoresOffset = false
        /// Whether dates in a query are looked at, as days of UTC that count.
        var honorsDates = false
        /// How many rows a list shows at most; its total and `next` are those of the whole.
        var mostRows = Int.max
        /// The `Date` header; nil for none.
        var date: String?
        /// Records that are counted and not listed.
        var unlisted: [String] = []
        /// What a record is in the answer to a request of this number; nil for what it is.
        var record: (@Sendable (_ record: String, _ request: Int) -> String)?
        /// What happens to the records before the request of this number is answered.
        var change: (@Sendable (_ records: inout [String], _ request: Int) -> Void)?
        /// How often others get their turn before the answer to the request of this number.
        var delay: (@Sendable (_ request: Int) -> Int)?
        /// The id of the token's organization; nil for a server that takes the question for one about events.
        var organization: String?
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

    /// What it has now.
    var records: [String] { state.withLock { $0.records } }

    /// Whether a client went on and on.
    var isWornOut: Bool { state.withLock { $0.urls.count > $0.manner.patience } }

    /// Changes what the server has and says.
    func change(_ body: @Sendable (inout [String], inout Manner) -> Void) {
        state.withLock { body(&$0.records, &$0.manner) }
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        await Task.yield()
        let (all, manner, number) = state.withLock { state in
            state.urls.append(request.url)
            state.manner.change?(&state.records, state.urls.count)
            return (state.records, state.manner, state.urls.count)
        }
        for _ in 0..<(manner.delay?(number) ?? 0) { await Task.yield() }
        let isWornOut = number > manner.patience
        let records = manner.honorsDates ? all.filter { Self.matches($0, request.url) } : all
        let headers = manner.date.map { [(name: "Date", value: $0)] } ?? []
        if isWornOut { return HTTPResponse(status: 404, headers: headers, body: []) }
        if let organization = manner.organization, request.url.contains("/organizations") {
            let list = #"{"object":"list","total_count":1,"next":null,"data":[{"id":"\#(organization)","name":"n"}]}"#
            return HTTPResponse(status: 200, headers: headers, body: Array(list.utf8))
        }
        let shown = min(records.count, manner.mostRows)
        let start = min(shown, manner.ignoresOffset ? 0 : Self.number("offset", in: request.url))
        let end = min(shown, start + Self.number("limit", in: request.url))
        let page = records[start..<end].map { manner.record?($0, number) ?? $0 }
        let next = manner.next ?? (start < end && end < records.count ? #""https://api.captivateiq.com/x""# : "null")
        let ghosts = manner.unlisted.count { !manner.honorsDates || Self.matches($0, request.url) }
        let total = (manner.totalIsOfPage ? page.count : records.count) + ghosts
        let text = """
            {"object":"list","total_count":\(manner.total ?? "\(total)"),"next":\(next),"previous":null,\
            "data":[\(page.joined(separator: ","))]}
            """
        // What no text can hold: a byte of another encoding.
        let body = text.replacing("\u{F8FF}", with: "\u{7}").utf8.map { $0 == 7 ? 0xE9 : $0 }
        return HTTPResponse(status: 200, headers: headers, body: body)
    }

    private static func number(_ name: String, in url: String) -> Int {
        value(name, in: url).flatMap { Int($0) } ?? 0
    }

    private static func value(_ name: String, in url: String) -> String? {
        let fields = url.split(whereSeparator: { $0 == "?" || $0 == "&" })
        return fields.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    /// A record without a time is on every day.
    private static func matches(_ record: String, _ url: String) -> Bool {
        guard let time = record.firstRange(of: #""created_at":""#)?.upperBound else { return true }
        let day = String(record[time...].prefix(10))
        return value("start_date", in: url).map { $0 <= day } ?? true
            && value("end_date", in: url).map { day <= $0 } ?? true
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
