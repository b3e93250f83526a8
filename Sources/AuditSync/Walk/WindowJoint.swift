import AuditArchive
package import AuditRecords
import CaptivateIQAPI
import JSONText

/// The rows that a window's list has in common with the window before, which share a day: where the lists are sorted by
/// time, they lie together at one end, and need not be read again.
///
/// How many there are is a guess, that the filter's days are UTC's. A few rows next to the unread ones are read again: only
/// if they are found just where the guess puts them, the others are taken as read.
package struct WindowJoint: Sendable, Equatable {
    /// The order of both lists.
    package let order: RowOrder

    /// How many rows are shared.
    package let count: Int

    /// Those that are read again, in the list's order: the newest.
    package let edge: [EventKey]

    private var found: Set<Int> = []
    private(set) var isRefuted = false

    /// A guess that `count` rows are shared, of which `edge` are the newest.
    package init(order: RowOrder, count: Int, edge: [EventKey]) {
        self.order = order
        self.count = count
        self.edge = edge
    }

    /// Whether all rows to be read again were found in their places.
    var isConfirmed: Bool { !isRefuted && found.count == edge.count }

    /// Rows that are not read again.
    var skipped: Int { count - edge.count }

    /// Where these rows lie in a list of `total` rows.
    func skippedRows(total: Int?) -> Range<Int> {
        guard !isRefuted else { return 0..<0 }
        switch order {
        case .ascending: return 0..<skipped
        case .descending: return total.map { max(0, $0 - skipped)..<$0 } ?? 0..<0
        }
    }

    /// Looks for the rows in a page.
    mutating func note(_ answer: WindowWalk.Answer) {
        guard answer.total >= count else { return refute() }
        let start = order == .ascending ? skipped : answer.total - count
        for (index, key) in edge.enumerated() {
            let row = start + index - answer.request.offset
            guard answer.rows.indices.contains(row) else { continue }
            guard answer.rows[row].key == key else { return refute() }
            found.insert(index)
        }
    }

    /// Gives the guess up: every row has to be read.
    mutating func refute() { isRefuted = true }
}

extension WindowJoint {
    /// The guess as a part of a hint's file.
    var encoded: String {
        let keys = edge.map { "\"\($0.hexadecimal)\"" }.joined(separator: ",")
        return "{\"order\": \"\(order.rawValue)\", \"count\": \(count), \"edge\": [\(keys)]}"
    }

    /// Reads such a part; `nil` if it cannot be made sense of.
    init?(_ reader: inout JSONReader) throws(JSONTextError) {
        var (order, count): (RowOrder?, Int?)
        var edge: [EventKey?] = []
        try reader.readObject { (reader, key) throws(JSONTextError) in
            switch key {
            case "order": order = RowOrder(rawValue: try reader.readString())
            case "count": count = try reader.readInteger()
            case "edge":
                try reader.readArray { (reader) throws(JSONTextError) in
                    edge.append(EventKey(hexadecimal: try reader.readString()))
                }
            default: try reader.skipValue()
            }
        }
        let keys = edge.compactMap { $0 }
        guard let order, let count, !keys.isEmpty, keys.count == edge.count, (keys.count...1 << 32).contains(count)
        else { return nil }
        self.init(order: order, count: count, edge: keys)
    }
}
