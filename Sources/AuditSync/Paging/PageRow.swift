import AuditArchive
import AuditRecords
import CivilTime

/// A row of a page, as far as neighbouring pages are compared.
struct PageRow: Sendable, Equatable {
    /// Its event, or what stands for a record that is none.
    var key: EventKey
    /// Its event time, if it has one.
    var time: Timestamp?

    /// Whether another row may be listed in either order with this one: their times are equal, or not both known.
    func mayBeTied(with other: PageRow) -> Bool {
        guard let time, let otherTime = other.time else { return true }
        return time == otherTime
    }
}

/// How many different rows were seen. Records without an id and with the same content may be one row that was listed twice
/// or several, so there are two readings.
struct SeenRows: Sendable, Equatable {
    /// If records of the same content are one row.
    var fewest: Int

    /// If each of them is a row.
    var most: Int

    /// Rows that can be told apart.
    init(_ count: Int) {
        fewest = count
        most = count
    }

    /// The rows of both.
    static func + (one: SeenRows, other: Int) -> SeenRows {
        var sum = one
        sum.fewest += other
        sum.most += other
        return sum
    }

    /// Whether they are all of `total`. `areClean`: no row was listed on two pages, which would let it hide a missing one.
    func areAll(of total: Int, areClean: Bool) -> Bool { fewest == total || areClean && most == total }
}
