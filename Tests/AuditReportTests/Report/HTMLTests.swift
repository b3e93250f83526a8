@testable import AuditReport
import Testing

@Suite("HTML")
struct HTMLTests {
    @Test(
        "never takes a text for markup",
        arguments: [
            ("<script>", "&lt;script&gt;"), ("a & b", "a &amp; b"), ("\" onload=\"x", "&quot; onload=&quot;x"),
            ("&lt;", "&amp;lt;"), ("'", "'"), ("a\u{202E}b\u{0}c\nd", "a\\u202eb\\u0000c\\nd"), ("é王🎉", "é王🎉")
        ])
    func escapes(text: String, expected: String) {
        #expect(HTML.escaped(text) == expected)
        var html = HTML()
        html.element("p", ["title": text], text)
        #expect(html.markup == "<p title=\"\(expected)\">\(expected)</p>")
    }

    @Test("cuts a long name, and keeps more of it for whoever points at it")
    func names() {
        var html = HTML()
        html.name(String(repeating: "W", count: 3000))
        #expect(html.markup.count < 600)
        #expect(html.markup.contains("…</bdi>"))
    }
}

@Suite("Figures")
struct FiguresTests {
    @Test func counts() {
        let texts = [0, 999, 1000, 1_234_567, -1000].map { Figures.count($0) }
        #expect(texts == ["0", "999", "1,000", "1,234,567", "-1,000"])
        #expect(Figures.count(1, "day") == "1 day" && Figures.count(2, "day") == "2 days")
    }

    @Test func bytes() {
        let sizes = [0, 999, 1000, 1949, 999_949, 1_000_000, 1_949_999, 5_000_000_000]
        #expect(
            sizes.map(Figures.bytes)
                == ["0 B", "999 B", "1.0 kB", "1.9 kB", "999.9 kB", "1.0 MB", "1.9 MB", "5.0 GB"])
    }
}
