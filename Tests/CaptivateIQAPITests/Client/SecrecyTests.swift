@testable import CaptivateIQAPI
import Logging
import SyncTestSupport
import Testing

@Suite struct SecrecyTests {
    /// Every kind of answer, each echoing the token.
    static let echoes: [HTTPResponse] = [200, 301, 400, 401, 403, 404, 500, 502].flatMap { status in
        ["Token \(secret)", "<html>\(secret)", "{\"you_sent\":\"Token \(secret)\"}"].map {
            HTTPResponse.text(status, $0, [("Location", "https://x.test/?t=\(secret)"), ("X-Echo", secret)])
        }
    }

    @Test(arguments: echoes)
    func theTokenIsInNoErrorAndNoLog(response: HTTPResponse) async throws {
        let log = LogCapture()
        let transport = ScriptedTransport { (_, _) throws(TransportError) in response }
        let client = try makeClient(transport, logger: log.logger())
        let error = try #require(await failure { () async throws(APIError) in try await client.page(firstPage) })
        var dumped = ""
        dump(error, to: &dumped)
        dump(client, to: &dumped)
        #expect(!dumped.contains(secret))
        #expect(!error.description.contains(secret))
        #expect(!log.lines.isEmpty)
        #expect(log.lines.allSatisfy { !$0.text.contains(secret) })
    }

    @Test func requestsAreLoggedWithoutHeaders() async throws {
        let log = LogCapture()
        let transport = ScriptedTransport { (_, _) throws(TransportError) in .list("[{},{}]", total: 2) }
        _ = try await makeClient(transport, logger: log.logger()).page(firstPage)
        let line = try #require(log.lines.first { $0.level == .debug }).text
        for part in ["https://api.test/ciq/v1/audit-logs/", "200", "\"records\": 2", "ms"] {
            #expect(line.contains(part), "\(line)")
        }
        #expect(!line.contains("Authorization") && !line.contains("Accept"))
    }

    @Test func retriesAreTold() async throws {
        let log = LogCapture()
        let transport = ScriptedTransport { (index, _) throws(TransportError) in
            index == 0 ? .text(500, "") : .emptyList
        }
        _ = try await makeClient(transport, logger: log.logger(.notice)).page(firstPage)
        #expect(log.lines.count == 1)
        #expect(log.lines.allSatisfy { $0.level == .notice && $0.text.contains("500") })
    }

    @Test func anAnswerThatIsKeptForItsFaultHoldsNoToken() async throws {
        let transport = ScriptedTransport { (_, _) throws(TransportError) in
            .list(#"[{"id":"\#(secret)","n":NaN}]"#, total: 1)
        }
        let client = try makeClient(transport)
        let error = await failure { () async throws(APIError) in try await client.page(firstPage, tries: 2) }
        let body = try #require(error?.malformed?.bytes)
        #expect(String(decoding: body, as: UTF8.self).contains(#""<token>""#))
        #expect(!String(decoding: body, as: UTF8.self).contains(secret))
        #expect(!"\(String(describing: error))".contains(secret))
        #expect(transport.requests.count == 2)
    }
}
