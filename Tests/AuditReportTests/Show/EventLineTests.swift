import AuditRecords
@testable import AuditReport
import CivilTime
import JSONText
import Testing

@Suite("An event for people")
struct EventLineTests {
    static func text(
        _ event: SampleEvent, color: Bool = false, ascii: Bool = false, date: Bool = false
    ) throws -> String {
        let line = event.line
        let style = EventLine(hasColor: color, isASCII: ascii, hasDate: date)
        return style.text(FoundEvent(try EventFields(line: line.utf8.span.bytes), line.utf8.span.bytes, event.time))
    }

    private static let event = {
        var event = SampleEvent("e", "2025-02-23T03:39:02.987654Z")
        (event.type, event.loggedIn) = ("export", "Lucas Silva")
        event.data = #"{"changes":{"quota_1":{"old":42,"new":null}}}"#
        return event
    }()

    @Test("is one line, and one for each change")
    func lines() throws {
        #expect(
            try Self.text(Self.event) == """
                03:39:02Z  export  column "Payee Statements"  Jane Admin  ⟵ logged in: Lucas Silva  203.0.113.52
                           quota_1: 42 → null

                """)
        #expect(
            try Self.text(Self.event, date: true).hasPrefix("2025-02-23 03:39:02Z  export  "))
    }

    @Test("has no more than ASCII where that is all there is")
    func ascii() throws {
        var event = Self.event
        event.user = "Zoë 王"
        let text = try Self.text(event, ascii: true)
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
        #expect(text.contains(#"Zo\u00eb \u738b  <- logged in: Lucas Silva"#))
        #expect(text.contains("quota_1: 42 -> null"))
    }

    @Test("has colours where they are wanted, and is the same text without them")
    func color() throws {
        let text = try Self.text(Self.event, color: true)
        #expect(text.contains("\u{1B}[1mJane Admin\u{1B}[0m"))
        #expect(try text.replacing(/\u{1B}\[\d+m/, with: "") == Self.text(Self.event))
    }

    @Test("says what is missing")
    func bare() throws {
        var event = SampleEvent("e", "2025-02-23T03:39:02Z")
        (event.type, event.user, event.object, event.ip) = (nil, nil, nil, nil)
        #expect(try Self.text(event) == "03:39:02Z  (no type)  (no user)\n")
    }

    @Test("harms no terminal, whatever its names are", arguments: [false, true])
    func hostile(ascii: Bool) throws {
        for event in SampleEvent.hostile(CalendarDay(number: 20_000)) {
            let text = try Self.text(event, ascii: ascii, date: true)
            #expect(!text.unicodeScalars.contains { VisibleText.isHidden($0) && $0 != "\n" }, "\(text)")
            #expect(text.split(separator: "\n").allSatisfy { $0.count < 1000 })
            #expect(text.split(separator: "\n").count <= 2)
        }
    }

    @Test("shows a flood of changes in part")
    func flood() throws {
        var event = Self.event
        event.data = "{\"changes\":{\((0..<500).map { "\"f\($0)\":{\"old\":0,\"new\":1}" }.joined(separator: ","))}}"
        let lines = try Self.text(event).split(separator: "\n")
        #expect(lines.count == 22)
        #expect(lines.last?.hasSuffix("and 480 more") == true)
    }
}

@Suite("An event in CSV")
struct EventCSVTests {
    @Test(
        "has cells that no spreadsheet takes for formulas",
        arguments: [
            ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\",b", "\"a\"\",b\""),
            ("=1+1", "\"'=1+1\""), ("+1", "\"'+1\""), ("-1", "\"'-1\""), ("@x", "\"'@x\""), ("\t=1", "\"\\t=1\""),
            ("  =1", "\"'  =1\""), ("＝1", "\"'＝1\""), ("a\r\nb", "\"a\\r\\nb\""), ("x\u{1B}[2J", "\"x\\u001b[2J\"")
        ])
    func cells(text: String, expected: String) {
        #expect(EventCSV.cell(text) == expected)
    }

    @Test("has the columns of the first line, whatever stands in it")
    func columns() throws {
        let count = EventCSV.header.split(separator: ",").count
        for event in SampleEvent.hostile(CalendarDay(number: 20_000)) {
            let line = event.line
            let bytes = line.utf8.span.bytes
            let text = EventCSV.line(FoundEvent(try EventFields(line: bytes), bytes, event.time))
            #expect(text.hasSuffix("\r\n") && text.dropLast().allSatisfy { $0 != "\n" && $0 != "\r\n" })
            // Outside quotation marks.
            var (commas, isQuoted) = (0, false)
            for character in text {
                if character == "\"" { isQuoted.toggle() }
                if character == ",", !isQuoted { commas += 1 }
            }
            #expect(commas == count - 1)
        }
    }
}
