package import AuditRecords

/// The envelope of every list (`total_count`, `next`, `data`), found complete.
package struct ListScan: Sendable {
    /// No list has more records; sums of counts stay far from overflow.
    package static let largestTotal = 1 << 53

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
