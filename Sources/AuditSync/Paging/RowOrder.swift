import CivilTime

/// In which order the API lists events, as far as the pages read so far tell. Only ever used to save requests.
enum RowOrder: String, Sendable {
    case ascending, descending

    /// The order of some event times as they came; `nil` if they have none. A single time, or equal ones, fit both and
    /// count as neither.
    init?(_ times: [Timestamp]) {
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

/// Finds the order of a whole pass from its pages, which come in any sequence.
struct RowOrderDetector: Sendable {
    private var edges: [(offset: Int, first: Timestamp, last: Timestamp)] = []
    private var isMixed = false

    private var rising = 0
    private var falling = 0

    /// Takes a page's event times in the order of its rows.
    mutating func add(offset: Int, times: [Timestamp]) {
        guard let first = times.first, let last = times.last else { return }
        edges.append((offset, first, last))
        if first != last && RowOrder(times) == nil { isMixed = true }
        for (time, next) in zip(times, times.dropFirst()) where time != next {
            if time < next { rising += 1 } else { falling += 1 }
        }
    }

    /// The order that nearly all rows have, where a few stand elsewhere, as rows that are listed twice do: arrivals are at
    /// that end. `nil` for a list without an order, in which they may be anywhere.
    var likelyOrder: RowOrder? {
        if let order { return order }
        // Rows of one time fit any order.
        if !isMixed, edges.allSatisfy({ $0.first == edges[0].first && $0.last == $0.first }) { return .ascending }
        guard rising + falling >= Self.fewestSteps, min(rising, falling) * 4 <= rising + falling else { return nil }
        return rising > falling ? .ascending : .descending
    }

    /// By fewer steps from a time to another, rows in no order look sorted too often.
    private static let fewestSteps = 12

    /// The order that all pages agree on. Each begins on rows of the one before, so that their first rows tell.
    var order: RowOrder? {
        guard !isMixed else { return nil }
        let pages = edges.sorted { $0.offset < $1.offset }
        return RowOrder(pages.map(\.first) + pages.suffix(1).map(\.last))
    }
}
