@testable import CaptivateIQAPI
import Testing

@Suite struct SnippetTests {
    private static func snippet(_ body: [UInt8]) throws -> String {
        let response = HTTPResponse(status: 404, headers: [], body: body)
        let classifier = ResponseClassifier(token: try makeToken())
        guard case .permanent(let fault) = classifier.verdict(on: response, now: try #require(HTTPDateTests.now))
        else { return "" }
        return String(fault.summary.dropFirst("the API answered 404: ".count))
    }

    @Test(arguments: [
        ("", "(an empty body)"), ("plain", "plain"), ("a\r\n\t b", "a b"), ("\u{1B}[31mred\u{7}", " [31mred "),
        ("é日本", "é日本"), ("a\u{202E}b", "a b")
    ])
    func onlyPrintableCharacters(body: String, expected: String) throws {
        #expect(try Self.snippet(Array(body.utf8)) == expected)
    }

    @Test func invalidTextDoesNoHarm() throws {
        #expect(try Self.snippet([0xFF, 0xFE, 0x61, 0xC3]) == " a ")
    }

    @Test func noMoreThan200Characters() throws {
        #expect(try Self.snippet(Array(repeating: UInt8(ascii: "x"), count: 5000)).count == 200)
    }

    @Test(arguments: 0...60)
    func anEchoedTokenIsRedactedWhereverItIs(shift: Int) throws {
        let echo = String(repeating: "-", count: 150 + shift) + String(repeating: "Token \(secret) ", count: 40)
        #expect(try !Self.snippet(Array(echo.utf8)).contains(secret.prefix(5)))
    }

    @Test func aBodyFullOfTheTokenShowsNoPieceOfIt() throws {
        let body = Array(String(repeating: secret, count: 500).utf8)
        let text = try Self.snippet(body)
        #expect(text.hasPrefix("<token><token>"))
        #expect(!text.contains(secret.prefix(2)))
    }
}
