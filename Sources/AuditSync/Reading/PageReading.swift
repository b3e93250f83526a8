package import AuditArchive
package import CaptivateIQAPI
package import JSONText

/// A page with all that can be found out about its records without knowing the archive. Made where the page arrives, so
/// that pages are read in parallel.
package struct PageReading: Sendable {
    /// A record that can be archived.
    package struct Event: Sendable {
        /// Its event time.
        package var time: Timestamp
        /// Its id.
        package var key: EventKey
        /// Its content.
        package var digest: ContentDigest
        /// Bytes of its compacted line.
        package var size: Int { line.count }
        fileprivate var line: Range<Int>
        fileprivate var isCompact: Bool
        fileprivate var id: JSONString
    }

    /// A record that cannot.
    package struct OddRecord: Sendable {
        /// Why not.
        package var reason: QuarantineBatch.Reason
        /// Its place among the page's rows.
        package var row: Int
        /// Its event time, if it has a readable one.
        package var time: Timestamp?
        fileprivate var line: Range<Int>
        fileprivate var isCompact: Bool
    }

    /// The page.
    package let page: Page

    /// Its events, in its order.
    package private(set) var events: [Event] = []

    /// Its other records.
    package private(set) var odd: [OddRecord] = []

    /// The organizations its events name: more than one only if something is wrong.
    package var organizations: [ArchiveOrganization] { notes.organizations }

    /// The dates of its events.
    package private(set) var dates: Set<CalendarDay> = []

    private var lastDate: CalendarDay?
    private var compacted: [UInt8] = []
    private var notes = OrganizationNotes()

    /// Reads a page.
    package init(_ page: Page) {
        self.page = page
        events.reserveCapacity(page.records.count)
        for record in page.records { read(record, in: page.bytes.span.bytes) }
    }

    /// All records in the page's order, for comparison with neighbouring pages.
    package var rows: [PageRow] {
        var rows: [PageRow] = []
        rows.reserveCapacity(events.count + odd.count)
        var next = odd.makeIterator()
        var record = next.next()
        for event in events {
            while let odd = record, odd.row == rows.count {
                rows.append(row(of: odd))
                record = next.next()
            }
            rows.append(PageRow(key: event.key, time: event.time))
        }
        while let odd = record {
            rows.append(row(of: odd))
            record = next.next()
        }
        return rows
    }

    private func row(of record: OddRecord) -> PageRow {
        PageRow(key: withLine(of: record) { EventKey(id: $0) }, time: record.time)
    }

    /// Where an event lies in the page's bytes; `nil` if white space was taken out of it or escapes out of its id.
    package func place(of event: Event) -> EventPlace? {
        event.isCompact && !event.id.hasEscapes ? EventPlace(line: event.line, id: event.id.range) : nil
    }

    /// Hands over an event's compacted line and its id's decoded bytes.
    package func withLine<Result>(of event: Event, _ body: (_ line: RawSpan, _ id: RawSpan) -> Result) -> Result {
        let page = page.bytes.span.bytes
        return event.id.withDecodedBytes(in: page) { id in
            event.isCompact
                ? body(page.extracting(event.line), id) : body(compacted.span.bytes.extracting(event.line), id)
        }
    }

    /// Hands over a record's compacted text.
    package func withLine<Result>(of record: OddRecord, _ body: (_ line: RawSpan) -> Result) -> Result {
        record.isCompact
            ? body(page.bytes.span.bytes.extracting(record.line)) : body(compacted.span.bytes.extracting(record.line))
    }

    private mutating func read(_ record: RecordScan, in text: RawSpan) {
        let isCompact = record.insignificantBytes == 0
        var line = record.range
        if !isCompact {
            let start = compacted.count
            JSONCompaction.append(text, range: record.range, to: &compacted)
            line = start..<compacted.count
        }
        let (id, time) = (record.id, record.time(in: text))
        guard let id, let time else {
            let reason: QuarantineBatch.Reason =
                !record.isObject ? .notAnObject : id == nil ? .noStringID : .unreadableCreatedAt
            odd.append(
                OddRecord(reason: reason, row: events.count + odd.count, time: time, line: line, isCompact: isCompact))
            return
        }
        notes.note(record, in: text)
        note(time.day)
        let digest =
            isCompact
            ? ContentDigest(line: text.extracting(line)) : ContentDigest(line: compacted.span.bytes.extracting(line))
        events.append(
            Event(
                time: time, key: id.withDecodedBytes(in: text) { EventKey(id: $0) }, digest: digest, line: line,
                isCompact: isCompact, id: id))
    }
    /// Neighbours nearly always have the same date, which then costs no hash.
    private mutating func note(_ date: CalendarDay) {
        guard date != lastDate else { return }
        lastDate = date
        dates.insert(date)
    }
}
