import AuditRecords
@testable import AuditReport
import JSONText
import Testing
import TestSupport

@Suite("The events of a query")
struct EventMatcherTests {
    private static func isFound(_ line: String, _ change: (inout EventQuery) -> Void) throws -> Bool {
        var query = EventQuery()
        change(&query)
        let matcher = EventMatcher(query)
        let bytes = line.utf8.span.bytes
        let matches = matcher.matches(try EventFields(line: bytes), in: bytes)
        // The search in the bytes may let others pass, and never stops one that matches.
        let mayMatch = matcher.mayMatch(bytes)
        #expect(mayMatch || !matches, "\(query) in \(line)")
        return matches
    }

    private static let line =
        #"{"id":"e1","created_at":"2025-02-23T03:39:02Z","user_id":"user_2","user_name":"Jane K. Admin","#
        + #""user_email":"Jane@Example.com","logged_in_user_id":"user_9","logged_in_user_name":"Zo\u00eb M\u00fcller","#
        + #""logged_in_user_email":"zoe@example.com","ip_address":"203.0.113.52","event_type":"export","#
        + #""data":{"changes":{"quota_1":{"old":42,"new":null}},"note":"a \"b\" \u0041BC"},"object_id":"obj_7","#
        + #""object_name":"Payee Statements","object_type":"column"}"#

    @Test(
        "are those whose members have the value, in whatever case and spelling",
        arguments: [
            ("user", "user_2", true), ("user", "JANE@example.COM", true), ("user", "jane k. admin", true),
            ("user", "jane", false), ("user", "user_9", false), ("by", "user_9", true), ("by", "Zoë Müller", true),
            ("by", "ZOE\u{308} MU\u{308}LLER", true), ("by", "user_2", false), ("object", "obj_7", true),
            ("object", "payee statements", true), ("object", "column", false), ("type", "Export", true),
            ("type", "exp", false), ("ip", "203.0.113.52", true), ("ip", "203.0.113.5", false), ("id", "e1", true),
            ("id", "E1", false), ("text", "quota_1", true), ("text", "QUOTA", true), ("text", "42", true),
            ("text", "null", true), ("text", #"a "b" abc"#, true), ("text", "user_name", false), ("text", "Zoë", true),
            ("text", "nothing of it", false)
        ])
    func members(filter: String, value: String, expected: Bool) throws {
        let found = try Self.isFound(Self.line) { query in
            switch filter {
            case "user": query.user = value
            case "by": query.by = value
            case "object": query.object = value
            case "type": query.type = value
            case "ip": query.ip = value
            case "id": query.id = value
            default: query.text = value
            }
        }
        #expect(found == expected)
    }

    @Test("are impersonated where the ids differ, else the addresses, else the names")
    func impersonation() throws {
        let rows = [
            (#"{"user_id":"a","logged_in_user_id":"b"}"#, true), (#"{"user_id":"a","logged_in_user_id":"a"}"#, false),
            (#"{"user_id":"a","logged_in_user_id":"\u0061","user_name":"x","logged_in_user_name":"y"}"#, false),
            (#"{"user_email":"a","logged_in_user_email":"b"}"#, true),
            (#"{"user_name":"a","logged_in_user_name":"b"}"#, true),
            (#"{"user_id":"a","logged_in_user_name":"b"}"#, false),
            (#"{"user_id":1,"logged_in_user_id":2}"#, false), ("{}", false), ("[]", false)
        ]
        for (line, expected) in rows {
            #expect(try Self.isFound(line) { $0.isImpersonated = true } == expected, "\(line)")
        }
    }

    @Test("have every filter that is given")
    func combination() throws {
        #expect(try Self.isFound(Self.line) { ($0.user, $0.by, $0.isImpersonated) = ("user_2", "user_9", true) })
        #expect(try !Self.isFound(Self.line) { ($0.user, $0.by) = ("user_2", "user_2") })
    }

    /// Letters that are another spelling of an ASCII character.
    @Test("are found where a name is written with a character that is the same as an ASCII one", arguments: ["K", "k"])
    func kelvin(letter: String) throws {
        #expect(try Self.isFound("{\"user_name\":\"\u{212A}im\"}") { $0.user = "\(letter)im" })
    }

    /// Random names in random encodings against the plain comparison.
    @Test("are never lost by the search in the bytes", arguments: [UInt64(1), 2, 3])
    func random(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let letters = [
            "a", "B", "k", "K", "é", "e\u{301}", "ß", "王", "-", ".", "\"", "\\", "/", ";", " ", "🎉", "\u{212A}"
        ]
        for _ in 0..<2000 {
            let count = Int.random(in: 1...5, using: &random)
            let name = (0..<count).map { _ in letters.randomElement(using: &random) ?? "a" }
            let wanted = Bool.random(using: &random) ? name : Array(name.reversed())
            let text = name.joined().unicodeScalars.map { scalar in
                Bool.random(using: &random) || "\"\\".unicodeScalars.contains(scalar)
                    ? String(scalar).utf16.map { "\\u" + String(String(UInt32($0) + 0x10000, radix: 16).suffix(4)) }
                        .joined()
                    : String(scalar)
            }.joined()
            let found = try Self.isFound("{\"user_name\":\"\(text)\"}") { $0.user = wanted.joined() }
            #expect(found == (name.joined().lowercased() == wanted.joined().lowercased()), "seed \(seed): \(text)")
        }
    }
}
