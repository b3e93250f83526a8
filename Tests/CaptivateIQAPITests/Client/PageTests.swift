import AuditRecords
@testable import CaptivateIQAPI
import CivilTime
import SyncTestSupport
import Testing

@Suite struct PageTests {
    @Test func aPageHoldsTheBodyAndItsRecords() async throws {
        let transport = ScriptedTransport { (_, _) throws(TransportError) in
            let list = HTTPResponse.list(#"[{"id":"a"}, {"id":"b","n":1}]"#, total: 115, next: #""http://elsewhere/""#)
            return HTTPResponse(
                status: 200, headers: [(name: "date", value: "Mon, 23 Nov 2026 12:00:00 GMT")], body: list.body)
        }
        let client = try makeClient(transport)
        let page = try await client.page(firstPage)
        #expect(
            page.records.map { String(decoding: page.bytes[$0.range], as: UTF8.self) } == [
                #"{"id":"a"}"#, #"{"id":"b","n":1}"#
            ])
        #expect(page.totalCount == 115)
        #expect(page.next == .present)
        #expect(page.request == firstPage)
        #expect(page.serverDate == Timestamp(rfc3339: "2026-11-23T12:00:00Z"))
        #expect(await client.statistics().serverDate == page.serverDate)
        #expect(await client.statistics().requestsLeftThisHour == 99_999)
    }

    @Test func organizationsPageByPage() async throws {
        let transport = ScriptedTransport { (_, url) throws(TransportError) in
            url.hasSuffix("offset=2")
                ? .list(#"[{"id":"o3","name":null}]"#, total: 3)
                : .list(#"[{"name":"Acme","id":"o1","x":[]},{"id":"o2"}]"#, total: 3, next: #""?offset=2""#)
        }
        let found = try await makeClient(transport).organizations()
        #expect(found == [.init(id: "o1", name: "Acme"), .init(id: "o2", name: "o2"), .init(id: "o3", name: "o3")])
        #expect(
            transport.urls == [
                "https://api.test/ciq/v1/me/organizations", "https://api.test/ciq/v1/me/organizations?offset=2"
            ])
    }

    @Test func aByteOrderMarkBeforeAListOfOrganizationsIsPassedOver() async throws {
        let transport = ScriptedTransport { (_, _) throws(TransportError) in
            let list = HTTPResponse.list(#"[{"id":"o1"}]"#, total: 1)
            return HTTPResponse(status: 200, headers: [], body: [0xEF, 0xBB, 0xBF] + list.body)
        }
        #expect(try await makeClient(transport).organizations() == [.init(id: "o1", name: "o1")])
    }

    @Test func aServerThatRepeatsItselfEndsTheWalk() async throws {
        let transport = ScriptedTransport { (_, _) throws(TransportError) in
            .list(#"[{"id":"o1","name":"A"}]"#, total: 1_000_000, next: #""x""#)
        }
        #expect(try await makeClient(transport).organizations().count == 1)
        #expect(transport.requests.count == 2)
    }

    @Test func aListOfOrganizationsWithoutEndIsGivenUp() async throws {
        let transport = ScriptedTransport { (index, _) throws(TransportError) in
            .list("[{\"id\":\"o\(index)\"}]", total: 1 << 53, next: #""x""#)
        }
        let client = try makeClient(transport)
        let error = await failure { () async throws(APIError) in try await client.organizations() }
        #expect(error?.kind == .unusable)
        #expect(transport.requests.count == 20)
    }

    @Test(arguments: [#"[{"name":"A"}]"#, "[7]", #"[{"id":7}]"#, #"[{"id":"a","name":[]}]"#])
    func organizationsOfTheWrongShape(data: String) async throws {
        let transport = ScriptedTransport { (_, _) throws(TransportError) in .list(data, total: 1) }
        let client = try makeClient(transport)
        let error = await failure { () async throws(APIError) in try await client.organizations() }
        #expect(error?.kind == .unusable)
    }
}
