@testable import CaptivateIQAPI
import Testing

@Suite struct RetryAfterTests {
    @Test(arguments: [
        ("0", Duration.zero), ("1", .seconds(1)), (" 120\t", .seconds(120)), ("3600", .seconds(3600)),
        ("3601", .seconds(3600)),
        ("1000000000000000000", .seconds(3600)), ("9223372036854775808", .seconds(3600)),
        ("1" + String(repeating: "0", count: 30), .seconds(3600)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", .zero), ("Sat, 01 Jan 0001 00:00:00 GMT", .zero),
        ("99999999999999999999999", .seconds(3600)),
        ("Mon, 23 Nov 2026 12:00:30 GMT", .seconds(30)), ("Monday, 23-Nov-26 12:01:00 GMT", .seconds(60)),
        ("Mon Nov 23 12:00:05 2026", .seconds(5)), ("Mon, 23 Nov 2026 11:00:00 GMT", .zero),
        ("Tue, 24 Nov 2026 12:00:00 GMT", .seconds(3600)), ("Fri, 31 Dec 9999 23:59:59 GMT", .seconds(3600))
    ])
    func usable(text: String, expected: Duration) throws {
        #expect(RetryAfter.wait(text, now: try #require(HTTPDateTests.now)) == expected)
    }

    @Test(arguments: [
        "", " ", "-1", "+5", "1.5", "5s", "1e3", "0x10", "١٢", "soon", "12 34", "2026-11-23T12:00:30Z",
        "-1000000000000000000",
        "Fri, 31 Dec 99999 23:59:59 GMT", "Fri, 31 Dec -999 23:59:59 GMT"
    ])
    func ignored(text: String) throws {
        #expect(RetryAfter.wait(text, now: try #require(HTTPDateTests.now)) == nil)
    }
}
