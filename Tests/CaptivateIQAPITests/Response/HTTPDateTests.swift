@testable import CaptivateIQAPI
import CivilTime
import Testing

@Suite struct HTTPDateTests {
    static let now = Timestamp(rfc3339: "2026-11-23T12:00:00Z")

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"),
        ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z"),
        ("Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z"),
        ("Sun Nov 16 08:49:37 1994", "1994-11-16T08:49:37Z"),
        ("Thu, 29 Feb 2024 23:59:59 GMT", "2024-02-29T23:59:59Z"),
        ("Monday, 23-Nov-26 12:00:10 GMT", "2026-11-23T12:00:10Z"),
        ("Monday, 01-Jan-76 00:00:00 GMT", "2076-01-01T00:00:00Z"),
        ("Monday, 01-Jan-77 00:00:00 GMT", "1977-01-01T00:00:00Z")
    ])
    func readable(text: String, expected: String) throws {
        #expect(HTTPDate.timestamp(text, now: try #require(Self.now)) == Timestamp(rfc3339: expected))
    }

    @Test(arguments: [
        "", "soon", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 31 Nov 1994 08:49:37 GMT",
        "Thu, 29 Feb 2023 00:00:00 GMT", "Sun, 06 Nop 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT", "Sunday, 06-Nov--4 08:49:37 GMT", "Sun, 006 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT", "2025-02-23T14:30:00Z", "Sun, 06 Nov 1994 08:49:37.5x GMT"
    ])
    func unreadable(text: String) throws {
        #expect(HTTPDate.timestamp(text, now: try #require(Self.now)) == nil)
    }
}
