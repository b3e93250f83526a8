import AuditArchive
import AuditRecords

/// Counts the records without an id that the walks of a window saw. Only their content tells them apart, and two can have
/// the same.
struct UnusableTally: Sendable {
    private var walk: [CanonicalDigest: Int] = [:]
    /// The most that any earlier walk of the window saw of each.
    private var window: [CanonicalDigest: Int] = [:]

    /// Records that the current walk saw.
    var seenInWalk: SeenRows { Self.count(walk) }

    /// Different records that all walks of the window saw.
    var seenInWindow: SeenRows { Self.count(window.merging(walk, uniquingKeysWith: max)) }

    private static func count(_ records: [CanonicalDigest: Int]) -> SeenRows {
        var rows = SeenRows(records.count)
        rows.most = records.values.reduce(0, +)
        return rows
    }

    /// A new window begins.
    mutating func beginWindow() {
        walk = [:]
        window = [:]
    }

    /// A new walk of the window begins.
    mutating func beginWalk() {
        window.merge(walk, uniquingKeysWith: max)
        walk = [:]
    }

    /// Counts the records of a page that are among the rows `new`, which the walk had not read before. Without `new`, where
    /// it cannot be told which rows were read before, those that no page of the walk had.
    mutating func take(_ reading: ParsedPage, new: Range<Int>?) {
        for record in reading.unusable {
            if new?.contains(record.row) ?? (walk[record.value] == nil) { walk[record.value, default: 0] += 1 }
        }
    }
}
