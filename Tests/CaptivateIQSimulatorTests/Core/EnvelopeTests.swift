@testable import CaptivateIQSimulator
import Testing

@Suite struct EnvelopeTests {
    @Test func emptyListIsExactlyTheDocumentedEnvelope() throws {
        let bench = try Bench { $0.population.count = 0 }
        let response = bench.list()
        #expect(response.text == #"{"object":"list","total_count":0,"next":null,"previous":null,"data":[]}"#)
        #expect(response.header("content-type") == "application/json")
        #expect(response.header("date") == "Sat, 21 Nov 2026 00:00:00 GMT")
    }

    @Test func pageIsEnvelopeAndRecordsJoined() throws {
        let bench = try Bench()
        let records = bench.core.events(at: bench.now)[10..<12].map { String(decoding: $0.json, as: UTF8.self) }
        let expected =
            #"{"object":"list","total_count":300,"next":"https://ciq.test:81/ciq/v1/audit-logs/?limit=2&offset=12","#
            + #""previous":"https://ciq.test:81/ciq/v1/audit-logs/?limit=2&offset=8","data":["#
            + records.joined(separator: ",") + "]}"
        #expect(bench.list("?limit=2&offset=10").text == expected)
    }

    /// Style, and the ends of `next` on the first and on the last page.
    static let styles: [(NextStyle, first: String?, last: String?)] = [
        (.absolute, "https://ciq.test:81/ciq/v1/audit-logs/?limit=100&offset=100", nil),
        (.http, "http://ciq.test:81/ciq/v1/audit-logs/?limit=100&offset=100", nil),
        (.otherHost, "https://elsewhere.example/ciq/v1/audit-logs/?limit=100&offset=100", nil),
        (.relative, "/ciq/v1/audit-logs/?limit=100&offset=100", nil),
        (.alwaysNull, nil, nil),
        (
            .neverNull, "https://ciq.test:81/ciq/v1/audit-logs/?limit=100&offset=100",
            "https://ciq.test:81/ciq/v1/audit-logs/?limit=100&offset=300"
        ),
        (.missing, nil, nil)
    ]

    @Test(arguments: styles)
    func nextStyles(style: NextStyle, first: String?, last: String?) throws {
        let bench = try Bench { $0.listing.nextStyle = style }
        let start = try bench.page("?limit=100&start_date=2020-01-01")
        #expect(start.next == first.map { $0 + "&start_date=2020-01-01" })
        #expect(start.keys.contains("next") == (style != .missing))
        let end = try bench.page("?limit=100&offset=200&start_date=2020-01-01")
        #expect(end.next == last.map { $0 + "&start_date=2020-01-01" })
    }

    @Test func linksEscapeTheirParameters() throws {
        let bench = try Bench { $0.listing.nextStyle = .neverNull }
        let page = try bench.page("?email=a%2Bb%40example.com&limit=1")
        #expect(page.next?.hasSuffix("?limit=1&offset=1&email=a%2Bb%40example.com") == true)
    }

    @Test func organizations() throws {
        let bench = try Bench { $0.population.traits.organizationName = "Söme \"Corp\"" }
        for path in ["/ciq/v1/me/organizations", "/ciq/v1/me/organizations/"] {
            let page = try Page(bench.get(path).body)
            #expect(page.total == 1)
            #expect(page.ids == ["org_123456"])
            #expect(page.objects.first?["name"] as? String == "Söme \"Corp\"")
        }
    }

    @Test func pathWithoutSlashIsSentToTheOneWithIt() throws {
        let response = try Bench().get("/ciq/v1/audit-logs?limit=3")
        #expect(response.status == 301)
        #expect(response.header("location") == "/ciq/v1/audit-logs/?limit=3")
    }

    @Test(arguments: [
        ("Bearer simulator-token", "Invalid token."), ("Token wrong", "Invalid token."),
        ("Token simulator-token ", "Invalid token."), (nil, "Authentication credentials were not provided.")
    ])
    func tokenIsChecked(value: String?, message: String) throws {
        let bench = try Bench()
        let headers = value.map { [SimulatedHeader("Authorization", $0)] } ?? []
        let request = SimulatedRequest(target: "/ciq/v1/audit-logs/", headers: headers)
        let response = bench.core.respond(to: request, at: bench.now)
        #expect(response.status == 401)
        #expect(response.text == "{\"detail\":\"\(message)\"}")
    }

    @Test func otherMethodsAndPathsAreRefused() throws {
        let bench = try Bench()
        let headers = [SimulatedHeader("Authorization", "Token simulator-token")]
        let request = SimulatedRequest(method: "DELETE", target: "/ciq/v1/audit-logs/", headers: headers)
        #expect(bench.core.respond(to: request, at: bench.now).status == 405)
        #expect(bench.get("/ciq/v1/nothing").status == 404)
    }
}
