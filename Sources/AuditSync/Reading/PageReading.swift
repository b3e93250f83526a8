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
        fileprivate var line: Range<Int>
        fileprivate var isCompact: Bool
        fileprivate var id: JSONString
    }

    /// A record that cannot.
    package struct OddRecord: Sendable {
        /// Why not.
        package var reason: QuarantineBatch.Reason
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
    package private(set) var organizations: [ArchiveOrganization] = []

    private var compacted: [UInt8] = []
    private var lastOrganization: [UInt8] = []

    /// Reads a page.
    package init(_ page: Page) {
        self.page = page
        events.reserveCapacity(page.records.count)
        for record in page.records { read(record, in: page.bytes.span.bytes) }
    }

    /// The dates of its events.
    package var dates: Set<CalendarDay> {
        events.reduce(into: []) { $0.insert($1.time.day) }
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
            odd.append(OddRecord(reason: reason, line: line, isCompact: isCompact))
            return
        }
        noteOrganization(record, in: text)
        let digest = isCompact
            ? ContentDigest(line: text.extracting(line)) : ContentDigest(line: compacted.span.bytes.extracting(line))
        events.append(
            Event(
                time: time, key: id.withDecodedBytes(in: text) { EventKey(id: $0) }, digest: digest, line: line,
                isCompact: isCompact, id: id))
    }

    /// Nearly all records of a page name the same one, so the bytes are compared before a string is made.
    private mutating func noteOrganization(_ record: RecordScan, in text: RawSpan) {
        guard let token = record.organizationID else { return }
        let isSame = token.withDecodedBytes(in: text) { bytes in
            bytes.byteCount == lastOrganization.count && lastOrganization.indices.allSatisfy {
                bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) == lastOrganization[$0]
            }
        }
        guard !isSame || organizations.isEmpty else { return }
        lastOrganization = token.bytes(in: text)
        let id = token.string(in: text)
        guard !organizations.contains(where: { $0.id == id }) else { return }
        organizations.append(ArchiveOrganization(id: id, name: record.organizationName?.string(in: text) ?? ""))
    }
}
