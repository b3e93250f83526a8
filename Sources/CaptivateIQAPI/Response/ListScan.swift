package import JSONText

/// The envelope of every list (`total_count`, `next`, `data`), found complete.
package struct ListScan: Sendable {
    /// `total_count`, not negative.
    package var totalCount: Int
    /// What `next` was.
    package var next: PageScan.Next
    /// The elements of `data`, in order.
    package var records: [RecordScan]

    /// Nil when `total_count` or `data` is missing or of the wrong type.
    package init?(_ scan: PageScan) {
        guard let totalCount = scan.totalCount, let records = scan.records else { return nil }
        self.totalCount = totalCount
        self.next = scan.next
        self.records = records
    }
}
