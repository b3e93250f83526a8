package import AuditRecords
package import CivilTime
package import JSONText

/// A page as it was answered: the body, and where the records lie in it.
package struct Page: Sendable {
    /// The body, decompressed.
    package let bytes: [UInt8]
    /// The elements of `data` in the answer's order; their ranges are indices into `bytes`.
    package let records: [RecordScan]
    /// `total_count`: how many records the query matches in all, not negative.
    package let totalCount: Int
    /// Whether `next` was null, something else, or missing. Its value is never used.
    package let next: PageScan.Next
    /// What was answered. `limit` is below what was asked for when the request had to be halved.
    package let request: PageRequest
    /// The answer's `Date` header, for telling a wrong local clock; nil when missing or unreadable.
    package let serverDate: Timestamp?
    /// The rows that are not JSON. In `bytes`, `null` stands in their places.
    package let malformed: [MalformedRecord]

    /// A page of the given parts.
    package init(
        bytes: [UInt8], records: [RecordScan], totalCount: Int, next: PageScan.Next, request: PageRequest,
        serverDate: Timestamp?, malformed: [MalformedRecord] = []
    ) {
        self.bytes = bytes
        self.records = records
        self.totalCount = totalCount
        self.next = next
        self.request = request
        self.serverDate = serverDate
        self.malformed = malformed
    }
}

/// A row of a page that is not JSON.
package struct MalformedRecord: Sendable, Equatable {
    /// Its place among the page's rows.
    package var row: Int
    /// The events asked for.
    package var query: EventQuery
    /// Its place in the list of those events.
    package var offset: Int
    /// The bytes in its place, as far as their end can be found.
    package var bytes: [UInt8]
    /// What is wrong with it; its offset counts from the first of ``bytes``.
    package var fault: JSONTextError
    /// Whether an earlier run got the same bytes.
    package var wasSeenBefore: Bool

    /// Describes a row.
    package init(
        row: Int, query: EventQuery, offset: Int, bytes: [UInt8], fault: JSONTextError, wasSeenBefore: Bool
    ) {
        self.row = row
        self.query = query
        self.offset = offset
        self.bytes = bytes
        self.fault = fault
        self.wasSeenBefore = wasSeenBefore
    }
}

/// The envelope of every list (`total_count`, `next`, `data`), found complete.
package struct ListScan: Sendable {
    /// No list has more records; sums of counts stay far from overflow.
    static let largestTotal = 1 << 53

    /// `total_count`, from 0 to ``largestTotal``.
    package var totalCount: Int
    /// What `next` was.
    package var next: PageScan.Next
    /// The elements of `data`, in order.
    package var records: [RecordScan]

    /// Nil when `total_count` or `data` is missing, of the wrong type or absurd.
    package init?(_ scan: PageScan) {
        guard let totalCount = scan.totalCount, let records = scan.records, totalCount <= Self.largestTotal else {
            return nil
        }
        self.totalCount = totalCount
        self.next = scan.next
        self.records = records
    }
}
