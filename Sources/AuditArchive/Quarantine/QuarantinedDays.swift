import AuditRecords
import CivilTime
import JSONText

/// The days to ask the API for again to find out whether what is in quarantine is usable by now: those that the records
/// name, else those around the time at which they came. Another version of an event that is archived is not waited for.
struct QuarantinedDays {
    /// The days.
    private(set) var days: Set<CalendarDay> = []

    /// A record names no more of them; with more it is no record of one event.
    private static let mostNamed = 8

    /// Learns from a line of a quarantine file; from one that cannot be read, nothing.
    mutating func learn(line: RawSpan) {
        let line = QuarantinedRecord(line: line)
        guard let line, line.reason != QuarantineBatch.Reason.changed.rawValue else { return }
        let named = Self.days(namedBy: line.record)
        if !named.isEmpty {
            days.formUnion(named)
        } else if let day = line.receivedAt?.day {
            // Of a day that was listed then, for all that is known.
            days.formUnion([day.advanced(by: -1), day])
        }
    }

    /// The days that the record in a line of a quarantine file names; none where it names none.
    static func days(ofLine line: RawSpan) -> Set<CalendarDay> {
        QuarantinedRecord(line: line).map { days(namedBy: $0.record) } ?? []
    }

    /// The record in a line of a quarantine file, as it was sent; `nil` for a line of another form.
    static func record(ofLine line: RawSpan) -> [UInt8]? { QuarantinedRecord(line: line)?.record }

    /// The days that a record names, as it was sent; none where it names none.
    static func days(namedBy record: [UInt8]) -> Set<CalendarDay> {
        let text = record.span.bytes
        if let time = (try? RecordScan(line: text))?.time(in: text) { return [time.day] }
        // What is not JSON, or has no time that can be read, may still say the day.
        let key = Array("\"created_at\"".utf8)
        var days: Set<CalendarDay> = []
        var start = record.startIndex
        while days.count < mostNamed, start + key.count <= record.count {
            if record[start..<start + key.count].elementsEqual(key) {
                days.formUnion(Self.days(atValue: record[(start + key.count)...]))
                start += key.count
            } else {
                start += 1
            }
        }
        return days
    }

    /// The days that a value says, behind its key. Where its zone is not known they are three.
    private static func days(atValue text: ArraySlice<UInt8>) -> Set<CalendarDay> {
        let value = text.drop { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: " ") }
        let end = value.prefix(40).firstIndex {
            $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}")
        }
        let word = String(decoding: value[..<(end ?? value.prefix(40).endIndex)], as: UTF8.self)
        if let time = Timestamp(rfc3339: word) { return [time.day] }
        if let day = CalendarDay(String(word.prefix(10))) { return [day.advanced(by: -1), day, day.advanced(by: 1)] }
        // Seconds or milliseconds since 1970, as other APIs have them.
        guard let number = Int64(word), number > 0 else { return [] }
        return switch word.count {
        case 9...10: [Timestamp(microseconds: number * 1_000_000).day]
        case 12...13: [Timestamp(microseconds: number * 1_000).day]
        default: []
        }
    }
}

/// A line of a quarantine file.
struct QuarantinedRecord {
    var reason: String
    var receivedAt: Timestamp?
    /// The record as it was sent, which need not be JSON.
    var record: [UInt8] = []

    /// Reads it; `nil` for another form.
    init?(line: RawSpan) {
        let bytes = line.withUnsafeBytes { Array($0) }
        var (reason, receivedAt, raw): (String?, String?, String?)
        var record: Range<Int>?
        do {
            var reader = JSONReader(bytes)
            try reader.readObject { (reader, key) throws(JSONTextError) in
                switch key {
                case "reason": reason = try reader.readString()
                case "received_at": receivedAt = try reader.readString()
                case "raw_base64": raw = try reader.readString()
                default:
                    let start = reader.offset
                    try reader.skipValue()
                    if key == "record" { record = start..<reader.offset }
                }
            }
            try reader.finish()
        } catch {
            return nil
        }
        guard let reason else { return nil }
        self.reason = reason
        self.receivedAt = receivedAt.flatMap { Timestamp(rfc3339: $0) }
        self.record = raw.flatMap(Base64Text.decoded) ?? record.map { Array(bytes[$0]) } ?? []
    }
}
