import AuditArchive
import AuditRecords
import CaptivateIQAPI
import CivilTime
import JSONText

/// A page with all that can be found out about its records without knowing the archive. Made where the page arrives, so
/// that pages are read in parallel.
struct ParsedPage: Sendable {
    /// A record that can be archived.
    struct Event: Sendable {
        /// Its event time.
        var time: Timestamp
        /// Its id.
        var key: EventKey
        /// Its content.
        var digest: ContentDigest
        /// Bytes of its compacted line.
        var size: Int { line.count }
        fileprivate var line: Range<Int>
        fileprivate var isCompact: Bool
        fileprivate var id: JSONString
    }

    /// A record that cannot.
    struct UnusableRecord: Sendable {
        /// Why not.
        var reason: QuarantineBatch.Reason
        /// Its place among the page's rows.
        var row: Int
        /// Its event time, if it has a readable one.
        var time: Timestamp?
        /// Its content, whatever the order of its members.
        var value: CanonicalDigest
        fileprivate var line: Range<Int>
        fileprivate var isCompact: Bool
    }

    /// The page.
    let page: Page

    /// Its events, in its order.
    private(set) var events: [Event] = []

    /// Its other records.
    private(set) var unusable: [UnusableRecord] = []

    /// The organizations its events name: more than one only if something is wrong.
    var organizations: [ArchiveOrganization] { notes.organizations }

    /// The dates of its events.
    private(set) var dates: Set<CalendarDay> = []

    private var lastDate: CalendarDay?
    private var compacted: [UInt8] = []
    private var notes = OrganizationSet()

    /// Reads a page.
    init(_ page: Page) {
        self.page = page
        events.reserveCapacity(page.records.count)
        for record in page.records { read(record, in: page.bytes.span.bytes) }
    }

    /// All records in the page's order, for comparison with neighbouring pages.
    var rows: [PageRow] {
        var rows: [PageRow] = []
        rows.reserveCapacity(events.count + unusable.count)
        var next = unusable.makeIterator()
        var record = next.next()
        for event in events {
            while let unusable = record, unusable.row == rows.count {
                rows.append(row(of: unusable))
                record = next.next()
            }
            rows.append(PageRow(key: event.key, time: event.time))
        }
        while let unusable = record {
            rows.append(row(of: unusable))
            record = next.next()
        }
        return rows
    }

    /// The first `count` rows and the last `count`, by their place in the page.
    func edgeRows(_ count: Int) -> [(place: Int, row: PageRow)] {
        let size = events.count + unusable.count
        guard unusable.isEmpty else {
            let rows = rows
            return rows.indices.filter { $0 < count || $0 >= size - count }.map { ($0, rows[$0]) }
        }
        return Set(0..<min(size, count)).union(max(0, size - count)..<size).map { place in
            (place, PageRow(key: events[place].key, time: events[place].time))
        }
    }

    private func row(of record: UnusableRecord) -> PageRow {
        PageRow(key: key(standingFor: record), time: record.time)
    }

    /// What stands for a record that is no event among the keys of the rows.
    func key(standingFor record: UnusableRecord) -> EventKey {
        withLine(of: record) { EventKey(standingFor: $0) }
    }

    /// Where an event lies in the page's bytes; `nil` if white space was taken out of it or escapes out of its id.
    func place(of event: Event) -> EventLocation? {
        event.isCompact && !event.id.hasEscapes ? EventLocation(line: event.line, id: event.id.range) : nil
    }

    /// Hands over an event's compacted line and its id's decoded bytes.
    func withLine<Result>(of event: Event, _ body: (_ line: RawSpan, _ id: RawSpan) -> Result) -> Result {
        let page = page.bytes.span.bytes
        return event.id.withDecodedBytes(in: page) { id in
            event.isCompact
                ? body(page.extracting(event.line), id) : body(compacted.span.bytes.extracting(event.line), id)
        }
    }

    /// Hands over a record's compacted text.
    func withLine<Result>(of record: UnusableRecord, _ body: (_ line: RawSpan) -> Result) -> Result {
        record.isCompact
            ? body(page.bytes.span.bytes.extracting(record.line)) : body(compacted.span.bytes.extracting(record.line))
    }

    /// What is wrong with a record, from its own text, fit for a message: a `created_at` that cannot be read.
    func example(of record: UnusableRecord) -> String? {
        guard record.reason == .unreadableCreatedAt else { return nil }
        return withLine(of: record) { line in
            guard let scan = try? RecordScan(line: line), let text = scan.createdAt?.string(in: line) else {
                return nil
            }
            return "created_at \(RefusedRecords.excerpt(text))"
        }
    }

    /// An event's content, whatever the order of its members.
    func value(of event: Event) -> CanonicalDigest {
        withLine(of: event) { line, _ in CanonicalDigest(of: line) }
    }

    /// What stands in the place of a record and is no JSON; nil for any other record.
    func malformed(_ record: UnusableRecord) -> MalformedRecord? {
        record.reason == .notJSON ? page.malformed.first { $0.row == record.row } : nil
    }

    /// Takes a row in whose place something stands that is no JSON. Returns whether it is one.
    private mutating func readMalformed(_ record: RecordScan) -> Bool {
        let row = events.count + unusable.count
        guard let malformed = page.malformed.first(where: { $0.row == row }) else { return false }
        unusable.append(
            UnusableRecord(
                reason: .notJSON, row: row, time: nil, value: CanonicalDigest(of: malformed.bytes.span.bytes),
                line: record.range, isCompact: true))
        return true
    }

    private mutating func read(_ record: RecordScan, in text: RawSpan) {
        if !page.malformed.isEmpty, readMalformed(record) { return }
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
            unusable.append(
                UnusableRecord(
                    reason: reason, row: events.count + unusable.count, time: time,
                    value: CanonicalDigest(of: text.extracting(record.range)), line: line, isCompact: isCompact))
            return
        }
        notes.record(record, in: text)
        addDate(time.day)
        let digest =
            isCompact
            ? ContentDigest(line: text.extracting(line)) : ContentDigest(line: compacted.span.bytes.extracting(line))
        events.append(
            Event(
                time: time, key: id.withDecodedBytes(in: text) { EventKey(id: $0) }, digest: digest, line: line,
                isCompact: isCompact, id: id))
    }

    /// Neighbours nearly always have the same date, which then costs no hash.
    private mutating func addDate(_ date: CalendarDay) {
        guard date != lastDate else { return }
        lastDate = date
        dates.insert(date)
    }
}

extension OffsetPaginator.Answer {
    /// What a page tells the paginator.
    init(_ page: ParsedPage) {
        self.init(
            request: page.page.request, rows: page.rows, total: page.page.totalCount,
            hasNext: page.page.next == .present)
    }
}
