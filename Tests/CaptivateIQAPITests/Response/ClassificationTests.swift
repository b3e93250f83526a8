@testable import CaptivateIQAPI
import Testing

@Suite struct ClassificationTests {
    struct Case: Sendable {
        var status: Int
        var body: String
        var headers: [(String, String)]
        var expected: String
        var says: [String]

        init(
            _ status: Int, _ body: String, _ expected: String, says: [String] = [], headers: [(String, String)] = []
        ) {
            self.status = status
            self.body = body
            self.expected = expected
            self.says = says
            self.headers = headers
        }
    }

    static let html = "\n<!DOCTYPE html><html><title>Blocked</title></html>"
    static let detail = #"{"detail":"Invalid token."}"#

    static let lists = [
        Case(200, #"{"total_count":0,"next":null,"data":[]}"#, "list 0/0"),
        Case(200, #" {"data":[{"id":"a"},7],"total_count":9} "#, "list 2/9"),
        Case(200, "\u{FEFF}" + #" {"data":[{"id":"a"},7],"total_count":9} "#, "list 2/9"),
        Case(206, #"{"total_count":1,"next":"x","data":[{}]}"#, "list 1/1"),
        Case(200, #"{"total_count":0,"data":[]}"#, "list 0/0", headers: [("Content-Encoding", "none, utf-8")])
    ]

    static let unusableAnswers = [
        Case(200, "", "retry unusable no", says: ["not JSON", "(an empty body)", "base_url"]),
        Case(200, "nonsense", "retry unusable no", says: ["not JSON", "nonsense"]),
        Case(200, html, "retry unusable no", says: ["HTML", "Blocked", "address to be allowed"]),
        Case(200, #"{"total_count":1,"data":[}"#, "retry unusable no", says: ["not JSON"]),
        Case(200, #"{"total_count":1,"data":[{}]"#, "retry unusable no", says: ["not JSON"]),
        Case(200, #"{"data":[]}"#, "retry unusable no", says: ["total_count"]),
        Case(200, #"{"total_count":-1,"data":[]}"#, "retry unusable no", says: ["total_count"]),
        Case(200, #"{"total_count":3}"#, "retry unusable no", says: ["data"]),
        Case(200, #"{"total_count":3,"data":{}}"#, "retry unusable no", says: ["data"]),
        Case(
            200, #"{"total_count":1,"data":[{"id":"\#(String(repeating: "a", count: 300))","n":NaN}]}"#,
            "retry unusable no", says: ["not JSON", "byte 338: 'N' is not JSON here", ": …aaa", "NaN}]}", "support"]),
        Case(200, "[]", "retry unusable no", says: ["total_count"]),
        Case(204, "", "retry unusable no", says: ["204"]),
        Case(200, "\u{1}", "retry unusable no", says: ["compressed as br"], headers: [("Content-Encoding", "br")]),
        Case(200, "\u{1}", "retry unusable no", says: ["gzip, gzip"], headers: [("content-encoding", "gzip, GZIP")]),
        Case(
            200, "\u{1}", "retry unusable no", says: ["gzip, zstd"],
            headers: [("Content-Encoding", "gzip"), ("Content-Encoding", "zstd")]),
        Case(200, "x", "retry unusable no", says: ["something unknown"], headers: [("Content-Encoding", secret)]),
        Case(200, "x", "retry unusable no", says: ["not JSON"], headers: [("Content-Encoding", "gzip")]),
        Case(200, "x", "retry unusable no", says: ["not JSON"], headers: [("Content-Encoding", "identity, ")])
    ]

    static let serverFaults = [
        Case(500, "", "retry unreachable no", says: ["500", "later"]),
        Case(501, "", "retry unreachable no"), Case(503, html, "retry unreachable no", says: ["503"]),
        Case(504, "", "retry unreachable no"), Case(599, "", "retry unreachable no"),
        Case(502, "", "retry unreachable yes", says: ["502"]), Case(502, html, "retry unreachable yes"),
        Case(408, "", "retry unreachable no", says: ["408"]), Case(425, "", "retry unreachable no")
    ]

    static let refusals = [
        Case(
            401, detail, "permanent unauthorized", says: ["401", "Invalid token.", "white space", "expired", "revoked"]
        ),
        Case(401, "", "permanent unauthorized", says: ["another environment", "incompletely"]),
        Case(401, html, "permanent firewall", says: ["firewall", "address"]),
        Case(403, detail, "permanent forbidden", says: ["API access", "audit logging", "plan", "may not see"]),
        Case(403, html, "permanent firewall", says: ["403", "HTML", "web application firewall", "address"]),
        Case(403, "Forbidden", "permanent forbidden", says: ["Forbidden", "plan", "firewall"]),
        Case(403, "", "permanent firewall", says: ["firewall"], headers: [("content-type", "text/html")])
    ]

    static let others = [
        Case(
            301, "", "permanent unusable", says: ["redirect to evil.test", "base_url"],
            headers: [("Location", "https://u:p@Evil.test/path?token=x")]),
        Case(302, html, "permanent unusable", says: ["another place"], headers: [("location", "/login")]),
        Case(307, "", "permanent unusable", says: ["redirect"]), Case(304, "", "permanent unusable"),
        Case(400, detail, "permanent unusable", says: ["400", "Invalid token."]),
        Case(404, html, "permanent unusable", says: ["404", "Blocked", "login page"]),
        Case(410, "gone", "permanent unusable", says: ["gone"]), Case(499, "", "permanent unusable"),
        Case(429, "", "rate limited nil"), Case(429, html, "rate limited 7.0", headers: [("RETRY-AFTER", "7")]),
        Case(429, "", "rate limited nil", headers: [("Retry-After", "-7")]),
        Case(429, "", "rate limited 9.0", headers: [("Retry-After", "soon"), ("Retry-After", "9")]),
        Case(429, "", "rate limited 20.0", headers: [("Retry-After", "20"), ("retry-after", "2"), ("Retry-After", "")]),
        Case(429, "", "rate limited 3600.0", headers: [("Retry-After", "1"), ("Retry-After", "1000000000000000000")]),
        Case(
            429, "", "rate limited 30.0",
            headers: [
                ("Retry-After", "Mon, 23 Nov 2026 18:00:30 GMT"), ("Date", "Mon, 23 Nov 2026 18:00:00 GMT")
            ])
    ]

    @Test(arguments: lists + unusableAnswers + serverFaults + refusals + others)
    func table(of test: Case) throws {
        let classifier = ResponseClassifier(token: try makeToken())
        let response = HTTPResponse.text(test.status, test.body, test.headers)
        let verdict = classifier.verdict(on: response, now: try #require(HTTPDateTests.now))
        #expect(describe(verdict) == test.expected)
        let text = words(of: verdict)
        for word in test.says { #expect(text.contains(word), "\(text)") }
        #expect(!text.contains(secret))
    }

    @Test(arguments: [
        (TransportError.timedOut("x"), "retry unreachable yes"), (.connection("x"), "retry unreachable no"),
        (.truncated("x"), "retry unreachable no"), (.proxy("x"), "retry unreachable no"),
        (.certificate("x"), "permanent unreachable"), (.proxyAuthentication, "permanent unreachable"),
        (.tooLarge(limit: 5), "retry unusable must"), (.encoded("br"), "retry unusable no"), (.cancelled, "cancelled")
    ])
    func transportErrors(error: TransportError, expected: String) throws {
        #expect(describe(ResponseClassifier(token: try makeToken()).verdict(on: error)) == expected)
    }

    @Test func redirectThatEchoesTheTokenNamesNoHost() throws {
        let token = try #require(APIToken(trimming: "Secret123"))
        let location = HTTPResponse.text(302, "", [("Location", "https://x-SECRET123.evil.test/")])
        let verdict = ResponseClassifier(token: token).verdict(on: location, now: try #require(HTTPDateTests.now))
        guard case .permanent(let failure) = verdict else {
            Issue.record("not permanent: \(verdict)")
            return
        }
        #expect(failure.summary.contains("another place"))
        #expect(!failure.summary.lowercased().contains("secret123"))
    }

    @Test func certificateAdviceNamesTheSetting() throws {
        let verdict = ResponseClassifier(token: try makeToken()).verdict(on: .certificate("x"))
        #expect(words(of: verdict).contains("ca_file"))
    }
}

/// A verdict as one line.
private func describe(_ verdict: ResponseVerdict) -> String {
    switch verdict {
    case .list(let list): "list \(list.records.count)/\(list.totalCount)"
    case .retry(let failure, let halving): "retry \(failure.kind) \(halving)"
    case .rateLimited(nil): "rate limited nil"
    case .rateLimited(let wait?): "rate limited \(wait / .seconds(1))"
    case .permanent(let failure): "permanent \(failure.kind)"
    case .cancelled: "cancelled"
    }
}

private func words(of verdict: ResponseVerdict) -> String {
    switch verdict {
    case .retry(let failure, _), .permanent(let failure): failure.error(url: "https://api.test", tries: 1).description
    default: ""
    }
}
