package import AuditRecords
package import CivilTime

/// A page as it was answered: the body, and where the records lie in it.
package struct Page: Sendable {
    /// The body, decompressed.
    package let bytes: [UInt8]
    /// The elements of `data` in the answer's order; their ranges are indices into `bytes`.
    package let records: [RecordScan]
    /// `total_count`: how many records the query matches in all, not negative.
    package let totalCount: Int
    /// Whether `next` was null, something else, or missing. Where it points is never looked at.
    package let next: PageScan.Next
    /// What was answered. `limit` is below what was asked for when the request had to be halved.
    package let request: PageRequest
    /// The answer's `Date` header, for telling a wrong local clock; nil when missing or unreadable.
    package let serverDate: Timestamp?
    /// The rows in whose places something stands that is no JSON; `null` stands there in `bytes`.
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

/// An organization that the token can see.
package struct Organization: Hashable, Sendable {
    /// Primary key; equals `organization_id` of its events.
    package var id: String
    /// Display name.
    package var name: String

    /// The organization with this id and name.
    package init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}
