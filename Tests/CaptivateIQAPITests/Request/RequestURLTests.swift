@testable import CaptivateIQAPI
import CivilTime
import Testing

@Suite struct RequestURLTests {
    @Test(arguments: [
        ("https://api.test", "https://api.test"), ("https://api.test/prefix/", "https://api.test/prefix")
    ])
    func pages(base: String, start: String) async throws {
        let transport = ScriptedTransport { (_, _) throws(TransportError) in .emptyList }
        let client = try makeClient(transport, baseURL: base)
        let days = EventQuery(startDate: CalendarDay("2025-02-23"), endDate: CalendarDay("2025-03-01"))
        _ = try await client.page(PageRequest(query: days, offset: 2000, limit: 500))
        _ = try await client.page(firstPage)
        let path = start + "/ciq/v1/audit-logs/"
        #expect(
            transport.urls == [
                path + "?limit=500&offset=2000&start_date=2025-02-23&end_date=2025-03-01&ordering=created_at",
                path + "?limit=1000&offset=0&ordering=created_at"
            ])
    }

    @Test func headers() async throws {
        let transport = ScriptedTransport { (_, _) throws(TransportError) in .emptyList }
        _ = try await makeClient(transport).page(firstPage)
        let headers = try #require(transport.requests.first).headers.map { "\($0.name): \($0.value)" }
        #expect(
            headers == [
                "Authorization: Token \(secret)", "Accept: application/json", "User-Agent: captivateiq-export/1.2.3"
            ])
    }
}
