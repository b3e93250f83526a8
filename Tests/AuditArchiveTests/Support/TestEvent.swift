@testable import AuditArchive
import CivilTime

/// An event as the archive gets it.
struct TestEvent: Sendable, Hashable {
    var id: String
    var createdAt: String
    var line: String

    /// A small event; `number` makes its id unless one is given.
    init(_ number: Int, at createdAt: String, id: String? = nil, extra: String = "") {
        let digits = String(number)
        self.id = id ?? "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
        self.createdAt = createdAt
        line =
            #"{"id":"\#(self.id)","created_at":"\#(createdAt)","event_type":"login","data":{"n":\#(number)\#(extra)}}"#
    }

    /// An event with a line of the test's own, which need not agree with the rest.
    init(id: String, createdAt: String, line: String) {
        self.id = id
        self.createdAt = createdAt
        self.line = line
    }

    /// When it happened; the epoch if that cannot be read.
    var time: Timestamp { Timestamp(rfc3339: createdAt) ?? Timestamp(microseconds: 0) }

    /// `count` events, one a second from `start` on.
    static func run(_ numbers: Range<Int>, from start: String) -> [TestEvent] {
        guard let first = Timestamp(rfc3339: start) else { return [] }
        return numbers.map { number in
            TestEvent(number, at: (first + .seconds(number - numbers.lowerBound)).description)
        }
    }
}

extension EventBatch {
    /// A batch of these events, whatever their date.
    init(_ events: [TestEvent], date: CalendarDay) {
        self.init(date: date)
        for event in events {
            append(line: event.line.utf8.span.bytes, time: event.time, id: event.id.utf8.span.bytes)
        }
    }
}

extension QuarantineBatch {
    /// Keeps a record that came at the tests' time.
    mutating func insert(_ record: String, _ reason: Reason) -> Bool {
        insert(record.utf8.span.bytes, reason, receivedAt: TestArchive.now)
    }
}

extension Timestamp: ExpressibleByStringLiteral {
    /// A literal in RFC 3339; a wrong one is the epoch, which no test uses.
    public init(stringLiteral text: String) {
        self = Timestamp(rfc3339: text) ?? Timestamp(microseconds: 0)
    }
}

extension CalendarDay: ExpressibleByStringLiteral {
    /// A literal `YYYY-MM-DD`; a wrong one is the epoch, which no test uses.
    public init(stringLiteral text: String) {
        self = CalendarDay(text) ?? CalendarDay(number: 0)
    }
}
