package import JSONText

/// In which order the API lists events, as far as the pages read so far tell. Only ever used to save requests.
package enum RowOrder: String, Sendable {
    case ascending, descending

    /// The order of some event times as they came; `nil` if they have none. A single time, or equal ones, fit both and
    /// count as neither.
    package init?(_ times: [Timestamp]) {
        let pairs = zip(times, times.dropFirst())
        guard let first = times.first, let last = times.last, first != last else { return nil }
        if first < last {
            guard pairs.allSatisfy({ $0 <= $1 }) else { return nil }
            self = .ascending
        } else {
            guard pairs.allSatisfy({ $0 >= $1 }) else { return nil }
            self = .descending
        }
    }
}

/// Finds the order of a whole walk from its pages, which come in any sequence.
struct RowOrderDetector: Sendable {
    private var edges: [(offset: Int, first: Timestamp, last: Timestamp)] = []
    private var isMixed = false

    /// Takes a page's event times in the order of its rows.
    mutating func add(offset: Int, times: [Timestamp]) {
        guard let first = times.first, let last = times.last else { return }
        edges.append((offset, first, last))
        if first != last && RowOrder(times) == nil { isMixed = true }
    }

    /// The order that all pages agree on.
    var order: RowOrder? {
        guard !isMixed else { return nil }
        return RowOrder(edges.sorted { $0.offset < $1.offset }.flatMap { [$0.first, $0.last] })
    }
}
