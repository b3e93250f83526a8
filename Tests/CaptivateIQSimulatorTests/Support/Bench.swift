@testable import CaptivateIQSimulator
import Foundation
import Testing

/// A core on the bench, with a clock that only moves when told.
struct Bench {
    static let start: Int64 = 1_795_219_200_000_000  // 2026-11-21T00:00:00Z
    let core: SimulatorCore
    var wall = Bench.start
    var monotonic = Duration.zero

    init(_ configure: (inout SimulatorConfiguration) -> Void = { _ in }) throws {
        var configuration = SimulatorConfiguration()
        configuration.population.count = 300
        configuration.population.days = 10
        configure(&configuration)
        core = try SimulatorCore(configuration, at: SimulatorInstant(wall: Self.start, monotonic: .zero))
    }

    var now: SimulatorInstant { SimulatorInstant(wall: wall, monotonic: monotonic) }

    mutating func pass(_ duration: Duration) {
        monotonic += duration
        wall += Int64(duration / .microseconds(1))
    }

    /// Asks with the right token.
    func get(_ target: String) -> SimulatedResponse {
        let headers = [
            SimulatedHeader("authorization", "Token simulator-token"), SimulatedHeader("Host", "ciq.test:81")
        ]
        return core.respond(to: SimulatedRequest(target: target, headers: headers), at: now)
    }

    func list(_ query: String = "") -> SimulatedResponse {
        get("/ciq/v1/audit-logs/" + query)
    }

    func page(_ query: String = "") throws -> Page {
        let response = list(query)
        try #require(response.status == 200 && response.effect == .normal, "\(response.status) for \(query)")
        return try Page(response.body)
    }

    /// Walks all pages as a client that steps by what it received.
    func walk(limit: Int, _ query: String = "") throws -> [String] {
        var ids: [String] = []
        while true {
            let page = try page("?limit=\(limit)&offset=\(ids.count)\(query)")
            ids += page.ids
            if page.ids.isEmpty || ids.count >= page.total { return ids }
        }
    }

    func post(_ target: String, body: String = "") -> SimulatedResponse {
        core.respond(to: SimulatedRequest(method: "POST", target: target, body: Array(body.utf8)), at: now)
    }
}

/// A page, read by Foundation.
struct Page {
    let keys: Set<String>
    let total: Int
    let next: String?
    let previous: String?
    let records: [Any]

    init(_ body: [UInt8]) throws {
        let object = try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
        keys = Set(object.keys)
        total = try #require(object["total_count"] as? Int)
        next = object["next"] as? String
        previous = object["previous"] as? String
        records = try #require(object["data"] as? [Any])
    }

    var objects: [[String: Any]] { records.compactMap { $0 as? [String: Any] } }
    var ids: [String] { objects.compactMap { $0["id"] as? String } }
    var times: [Int64] { objects.compactMap { ($0["created_at"] as? String).flatMap(TimestampText.parse) } }
}

extension SimulatedResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}
