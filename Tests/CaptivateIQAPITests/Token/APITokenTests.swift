@testable import CaptivateIQAPI
import Testing

@Suite struct APITokenTests {
    @Test(arguments: ["abc", " abc", "abc\n", "\t\r\n abc \u{A0}", "\u{FEFF}abc\r\n"])
    func surroundingWhiteSpaceIsDropped(text: String) throws {
        #expect(try APIToken(checking: text).authorizationHeaderValue() == "Token abc")
    }

    @Test(arguments: [
        ("", APITokenError.empty), (" \r\n\t", .empty), ("\u{FEFF}", .empty),
        ("\"zq1\"", .quoted), ("'zq1'\n", .quoted), ("`zq1`", .quoted), ("\u{201C}zq1\u{201D}", .quoted),
        ("\"zq1", .quoted),
        ("zq1'", .quoted), ("\"zq1 zq2\"", .quoted), ("\"\"", .quoted), ("zq1 zq2", .innerWhiteSpace),
        ("Token zq1", .innerWhiteSpace), ("zq1\nzq2", .innerWhiteSpace),
        ("zq1\u{A0}zq2", .innerWhiteSpace), ("zq1\0zq2", .unusableCharacter), ("zq1\u{7F}", .unusableCharacter),
        ("zq1é", .unusableCharacter), ("zq1\u{200B}zq2", .unusableCharacter)
    ])
    func unusableTokensAreRefusedWithoutShowingThem(text: String, expected: APITokenError) {
        #expect(throws: expected) { try APIToken(checking: text) }
        #expect(APIToken(trimming: text) == nil)
        #expect(!expected.description.contains("zq1"))
    }

    @Test func aTokenShowsItselfNowhere() throws {
        let token = try makeToken()
        var dumped = ""
        dump(token, to: &dumped)
        dump([token], to: &dumped)
        let shown = ["\(token)", String(reflecting: token), String(describing: Optional(token)), dumped]
        #expect(shown.allSatisfy { !$0.contains(secret) })
        #expect("\(token)" == "<token>")
    }

    @Test func aRequestShowsNoHeaderValue() throws {
        let request = HTTPRequest(
            url: "https://api.test/x", headers: [("Authorization", try makeToken().authorizationHeaderValue())])
        var dumped = ""
        dump(request, to: &dumped)
        #expect(["\(request)", String(reflecting: request), dumped].allSatisfy { !$0.contains(secret) })
        #expect("\(request)" == "GET https://api.test/x")
    }
}
