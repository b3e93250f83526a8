import AuditArchive
import AuditRecords
import CivilTime

/// Compares the events of some days, as passes over a window bring them, with the archive's, by id and UTC date.
struct DayTally: Sendable {
    private let run: ClosedRange<CalendarDay>
    private let start: Timestamp
    private let archived: [EventKey: CalendarDay]
    private var seen: [EventKey: Timestamp] = [:]
    /// Events that are archived under dates far away from the days compared.
    private var elsewhere: Set<EventKey> = []
    /// Erased events that were listed.
    private var erased: Set<EventKey> = []
    private var missing: [EventReference] = []
    /// Records that are no events and that the archive has nowhere, by their content.
    private var unkept: [CanonicalDigest: CalendarDay] = [:]

    /// Before the first page. `archived`: the archive's events of the days and of their neighbours.
    init(_ run: ClosedRange<CalendarDay>, start: Timestamp, archived: [EventKey: CalendarDay]) {
        self.run = run
        self.start = start
        self.archived = archived
    }

    /// A comparison of nothing.
    init(start: Timestamp) {
        self.init(.first ... .first, start: start, archived: [:])
    }

    /// The events of a page that are archived on none of the days and their neighbours, as far as is known.
    func unknownKeys(in page: ParsedPage) -> [EventKey] {
        page.events.lazy.map(\.key).filter { archived[$0] == nil && !elsewhere.contains($0) }
    }

    /// Learns of events that were erased: the archive had them.
    mutating func learn(erased keys: [EventKey]) {
        erased.formUnion(keys)
        learn(archivedElsewhere: keys)
    }

    /// How many erased events of a date the API still lists.
    func listedErased(on date: CalendarDay) -> Int { erased.count { seen[$0]?.day == date } }

    /// Learns of events that are archived under other dates.
    mutating func learn(archivedElsewhere keys: some Sequence<EventKey>) { elsewhere.formUnion(keys) }

    private func isArchived(_ key: EventKey) -> Bool { archived[key] != nil || elsewhere.contains(key) }

    /// Takes a page of a pass.
    mutating func take(_ page: ParsedPage) {
        for event in page.events {
            let isFirst = seen.updateValue(event.time, forKey: event.key) == nil
            guard isFirst, isOfRun(event.time), !isArchived(event.key) else { continue }
            page.withLine(of: event) { _, id in
                let text = id.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
                missing.append(EventReference(time: event.time, id: text))
            }
            if missing.count >= 4_096 { missing = firstMissing }
        }
    }

    /// Takes the records of a page that are no events and that the archive has nowhere. One without a time is taken for one of
    /// the days compared: where it is listed, next to others, may be at their edge.
    mutating func take(unkept records: [ParsedPage.UnusableRecord], of page: ParsedPage) {
        guard !records.isEmpty else { return }
        let rows = page.rows
        for record in records {
            if let time = record.time {
                if isOfRun(time) { unkept[record.value] = time.day }
            } else {
                let before = rows[..<record.row].last { $0.time != nil }
                let day = (before ?? rows.first { $0.time != nil })?.time?.day ?? run.lowerBound
                unkept[record.value] = min(max(day, run.lowerBound), run.upperBound)
            }
        }
    }

    /// How many records are no events, and the archive has nowhere, but for those of some days.
    func unkeptCount(without days: Set<CalendarDay>) -> Int { unkept.values.count { !days.contains($0) } }

    /// The first missing events.
    var firstMissing: [EventReference] { Array(missing.sorted().prefix(ReconcileReport.mostListed)) }

    /// The keys of the archive's events that the API has no more, wherever it would list them.
    var gone: Set<EventKey> {
        Set(archived.lazy.filter { run.contains($0.value) && seen[$0.key] == nil }.map(\.key))
    }

    /// What the days turned out to have, a day each.
    func days() -> [ReconcileReport.Day] {
        var days: [CalendarDay: ReconcileReport.Day] = [:]
        func change(_ date: CalendarDay, _ body: (inout ReconcileReport.Day) -> Void) {
            body(&days[date, default: ReconcileReport.Day(date: date, archived: 0, api: 0, missing: 0, gone: 0)])
        }
        for (key, time) in seen where isOfRun(time) {
            change(time.day) { day in
                // The archive has an event once, where it was first: what is listed elsewhere by now is not counted here.
                if elsewhere.contains(key) { return }
                day.api += 1
                if !isArchived(key) { day.missing += 1 }
            }
        }
        for date in unkept.values {
            change(date) { day in
                day.api += 1
                day.missing += 1
            }
        }
        for (key, date) in archived where run.contains(date) {
            change(date) { day in
                day.archived += 1
                if seen[key] == nil { day.gone += 1 }
            }
        }
        return days.values.sorted { $0.date < $1.date }
    }

    private func isOfRun(_ time: Timestamp) -> Bool { time >= start && run.contains(time.day) }
}
