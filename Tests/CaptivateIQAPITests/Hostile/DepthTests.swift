@testable import CaptivateIQAPI
import JSONText
import SyncTestSupport
import Testing

/// A million brackets, wherever an answer can have them: refused without a call for each.
@Suite struct HostileDepthTests {
    static let arrays = String(repeating: "[", count: 1_000_000) + String(repeating: "]", count: 1_000_000)
    static let objects =
        String(repeating: #"{"a":"#, count: 1_000_000) + "1" + String(repeating: "}", count: 1_000_000)
    static let open = String(repeating: "[", count: 1_000_000)

    static func pages(_ bomb: String) -> [String] {
        [
            bomb, #"{"total_count":1,"next":null,"data":[{"id":"a","data":\#(bomb)}]}"#,
            #"{"total_count":\#(bomb),"data":[]}"#, #"{"total_count":0,"next":\#(bomb),"data":[]}"#,
            #"{"total_count":0,"data":\#(bomb)}"#, #"{"total_count":0,"data":[],"x":\#(bomb)}"#
        ]
    }

    @Test(arguments: ["arrays", "objects", "open"], 0..<6)
    func aPageIsRetriedAndThenUnusable(kind: String, place: Int) async throws {
        let bomb = kind == "arrays" ? Self.arrays : kind == "objects" ? Self.objects : Self.open
        let body = Array(Self.pages(bomb)[place].utf8)
        let transport = ScriptedTransport { (_, _) throws(TransportError) in
            HTTPResponse(status: 200, headers: [], body: body)
        }
        let client = try makeClient(transport)
        let error = await failure { () async throws(APIError) in try await client.page(firstPage) }
        #expect(error?.kind == .unusable)
        #expect(error?.summary.utf8.count ?? 0 < 500)
        #expect(transport.requests.count == 8)
    }

    @Test(arguments: 0..<3)
    func organizations(place: Int) async throws {
        let data = ["[\(Self.arrays)]", #"[{"id":"a","x":\#(Self.objects)}]"#, #"[{"id":\#(Self.arrays)}]"#][place]
        let transport = ScriptedTransport { (_, _) throws(TransportError) in .list(data, total: 1) }
        let client = try makeClient(transport)
        let error = await failure { () async throws(APIError) in try await client.organizations() }
        #expect(error?.kind == .unusable)
        #expect(transport.requests.count == 8)
    }

    @Test func ledger() {
        let texts = [
            Self.arrays, Self.objects, Self.open, #"{"hour":\#(Self.arrays)}"#, #"{"hour":[\#(Self.open)"#,
            #"{"x":\#(Self.objects)}"#, #"{"second":[9223372036854775808]}"#
        ]
        for text in texts {
            #expect(throws: JSONTextError.self, "\(text.prefix(20))") { try RequestLedger.decoded(Array(text.utf8)) }
        }
    }

    @Test(arguments: [401, 403, 404, 418])
    func refusals(status: Int) async throws {
        let transport = ScriptedTransport { (_, _) throws(TransportError) in .text(status, Self.objects) }
        let client = try makeClient(transport)
        let error = await failure { () async throws(APIError) in try await client.page(firstPage) }
        #expect(error?.kind == (status == 401 ? .unauthorized : status == 403 ? .forbidden : .unusable))
        #expect(transport.requests.count == 1)
    }
}
