import AuditArchive
package import AuditRecords
package import CivilTime

/// A row of a page, as far as neighbouring pages are compared.
package struct PageRow: Sendable, Equatable {
    /// Its event, or what stands for a record that is none.
    package var key: EventKey
    /// Its event time, if it has one.
    package var time: Timestamp?

    /// Describes a row.
    package init(key: EventKey, time: Timestamp?) {
        self.key = key
        self.time = time
    }

    /// Whether another row may be listed in either order with this one: their times are equal, or not both known.
    func mayBeTied(with other: PageRow) -> Bool {
        guard let time, let otherTime = other.time else { return true }
        return time == otherTime
    }
}

/// The rows of one answer, and where they lie in the list.
struct RowRun: Sendable {
    /// The offset of the first row.
    var offset: Int
    /// The rows, in the list's order.
    var rows: [PageRow]

    /// The offset behind the last row.
    var end: Int { offset + rows.count }

    /// Whether the row at `index` is known to be the only one of its time: both neighbours are in the answer, or it is the
    /// list's first row, and theirs are other times.
    func isUntied(at index: Int) -> Bool {
        guard index + 1 < rows.count, !rows[index].mayBeTied(with: rows[index + 1]) else { return false }
        guard index > 0 else { return offset == 0 }
        return !rows[index].mayBeTied(with: rows[index - 1])
    }

    /// How many rows at the end are, or may be, of one time.
    var tiedAtEnd: Int {
        guard let last = rows.last else { return 0 }
        return rows.reversed().prefix { $0.mayBeTied(with: last) }.count
    }
}
