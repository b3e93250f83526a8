import AuditRecords
@testable import CaptivateIQAPI
import SyncTestSupport
import Testing

/// Envelopes that no honest server sends.
@Suite struct HostileEnvelopeTests {
    @Test(arguments: [
        "-1", "-0", "9007199254740993", "9223372036854775807", "9223372036854775808", "1e400", "1e2", "1.5", "1.0",
        #""12""#, "null", "true", "[]", "{}",
        "1" + String(repeating: "0", count: 300)
    ])
    func countsThatCannotBeAreRetriedAndThenUnusable(total: String) async throws {
        let transport = ScriptedTransport { (_, _) throws(TransportError) in
            .text(200, #"{"total_count":\#(total),"next":null,"data":[]}"#)
        }
        let client = try makeClient(transport)
        let error = await failure { () async throws(APIError) in try await client.page(firstPage) }
        #expect(error?.kind == .unusable)
        #expect(error?.summary.contains("total_count") == true)
        #expect(transport.requests.count == 8)
    }

    @Test func theLargestCountIsANumberLikeAnyOther() async throws {
        let transport = ScriptedTransport { (_, _) throws(TransportError) in .list("[{}]", total: 1 << 53) }
        #expect(try await makeClient(transport).page(firstPage).totalCount == 1 << 53)
    }

    @Test(arguments: [
        #""https://evil.test/ciq/v1/audit-logs/?offset=1""#, #""//evil.test""#, #""file:///etc/passwd""#,
        #""javascript:alert(1)""#, #""http://api.test@evil.test""#, #""\u0000""#, "7", "false", "[[]]", #"{"a":1}"#,
        "a megabyte"
    ])
    func nextIsOnlyEverThereOrNot(value: String) async throws {
        let next = value == "a megabyte" ? "\"https://\(String(repeating: "x", count: 1 << 20))\"" : value
        let transport = ScriptedTransport { (_, _) throws(TransportError) in
            .list(#"[{"id":"a"}]"#, total: 2, next: next)
        }
        let client = try makeClient(transport)
        #expect(try await client.page(firstPage).next == .present)
        _ = try await client.page(PageRequest(query: EventQuery(), offset: 1, limit: 1000))
        #expect(try await client.organizations().count == 1)
        #expect(transport.urls.allSatisfy { $0.hasPrefix("https://api.test/ciq/v1/") && $0.utf8.count < 200 })
    }

    @Test(arguments: [
        "", "yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT",
        "Sun, 31 Dec 10000 00:00:00 GMT", "Sat, 01 Jan 0000 00:00:00 GMT", "Mon, 99 Nov 2026 99:99:99 GMT",
        String(repeating: "9", count: 300), "Mon, 23-Nov--1 12:00:00 GMT"
    ])
    func aRefusalThatNamesAnyDateIsWaitedForAtMostAnHour(date: String) async throws {
        for wait in ["Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "-5", "soon"] {
            let clock = ManualClock(mode: .immediate)
            let transport = ScriptedTransport { (index, _) throws(TransportError) in
                index > 0 ? .emptyList : .text(429, "", [("Date", date), ("Retry-After", wait)])
            }
            _ = try await makeClient(transport, clock: clock).page(firstPage)
            #expect(clock.uptime() <= .seconds(3601), "\(wait)")
        }
    }
}
