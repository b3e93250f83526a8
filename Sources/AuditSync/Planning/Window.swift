import AuditArchive
import CaptivateIQAPI
import CivilTime
import JSONText

/// One query of a chain: the events from `start` to `end`, as the API's date filter understands them.
struct Window: Sendable, Hashable {
    /// `start_date`.
    var start: CalendarDay

    /// `end_date`; `nil` for none.
    var end: CalendarDay?

    /// The query that reads the window. From the first day on it has no lower bound: in a filter's time zone behind UTC that
    /// day begins on one before it, which cannot be written.
    var query: EventQuery { EventQuery(startDate: isFromTheBeginning ? nil : start, endDate: end) }

    private var isFromTheBeginning: Bool { start <= .first }

    /// The UTC times that the answer holds whatever the filter's time zone, and whether or not its end day counts.
    ///
    /// Midnight lies at most 14 hours before and 12 hours after UTC's; an exclusive end day is not in the answer.
    var certainTimes: Range<Timestamp> {
        Range(
            from: isFromTheBeginning ? CalendarDay.first.start : start.advanced(by: 1).start,
            to: end.map { $0.advanced(by: -1).start } ?? .endOfTime)
    }

    /// The last day that can have many events.
    func lastDay(today: CalendarDay) -> CalendarDay { end ?? max(today, start).advanced(by: 1) }

    /// Whether it cannot be divided: in some time zone it may be a single day.
    func isOfDay(today: CalendarDay) -> Bool { start.days(until: lastDay(today: today)) <= 1 }

    /// Days at which to divide it so that a list that is cut shows itself by the counts of the parts: there are rows of `days`,
    /// which the list has shown, or else missing ones, on both sides of one of them. The first one is most likely to be enough.
    /// None where it is a single day.
    func divisions(around days: ClosedRange<CalendarDay>, today: CalendarDay) -> [CalendarDay] {
        let last = end ?? today.advanced(by: 1)
        let (first, second) = (max(start, days.lowerBound), min(last, days.upperBound))
        let width = max(0, first.days(until: second))
        let middle = first.advanced(by: (width + 1) / 2)
        // In the filter's time zone a row may be of the day beside its own.
        let candidates =
            switch width {
            case 0: [first.advanced(by: -1), first.advanced(by: 1)]
            case 1: [second, first]
            case 2...3: [middle, first, second]
            default: [middle]
            }
        return candidates.filter { start < $0 && $0 < last }
    }

    /// The days of a window that has an end, two by two: neighbours share one.
    var pairsOfDays: [Window] {
        guard let end, start < end else { return [self] }
        return (start...end.advanced(by: -1)).days.map { Window(start: $0, end: $0.advanced(by: 1)) }
    }

    /// Whether the two share a day.
    func overlaps(_ other: Window) -> Bool {
        start <= other.end ?? .last && other.start <= end ?? .last
    }
}

extension Window {
    /// The text of a file that lists windows.
    static func encoded(_ windows: [Window]) -> [UInt8] {
        let entries = windows.map { "{\"start\": \"\($0.start)\"\($0.end.map { ", \"end\": \"\($0)\"" } ?? "")}" }
        return Array("{\"windows\": [\(entries.joined(separator: ", "))]}\n".utf8)
    }

    /// Reads such a file; `nil` if it cannot be made sense of.
    static func list(decoding bytes: [UInt8]) -> [Window]? {
        var windows: [Window] = []
        do {
            var reader = JSONReader(bytes)
            try reader.readObject { (reader, key) throws(JSONTextError) in
                guard key == "windows" else { return try reader.skipValue() }
                try reader.readArray { (reader) throws(JSONTextError) in
                    if let window = try Window(&reader) { windows.append(window) }
                }
            }
            try reader.finish()
        } catch {
            return nil
        }
        return windows
    }

    private init?(_ reader: inout JSONReader) throws(JSONTextError) {
        var (start, end): (String?, String?)
        try reader.readObject { (reader, key) throws(JSONTextError) in
            switch key {
            case "start": start = try reader.readString()
            case "end": end = try reader.readString()
            default: try reader.skipValue()
            }
        }
        guard let start = start.flatMap(CalendarDay.init(_:)) else { return nil }
        self.init(start: start, end: end.flatMap(CalendarDay.init(_:)))
    }
}
