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

    /// Takes a page's event times in the order of its rows.
    mutating func add(offset: Int, times: [Timestamp]) {
        guard let first = times.first, let last = times.last else { return }
        edges.append((offset, first, last))
        if first != last && RowOrder(times) == nil { isMixed = true }
        rising += zip(times, times.dropFirst()).reduce(0) { $0 + ($1.0 < $1.1 ? 1 : $1.0 > $1.1 ? -1 : 0) }
    }

    /// The order that most rows have, where not all have one: arrivals are the likeliest at that end.
    var likelyOrder: RowOrder { order ?? (rising < 0 ? .descending : .ascending) }

    /// The order that all pages agree on. Each begins on rows of the one before, so that their first rows tell.
    var order: RowOrder? {
        guard !isMixed else { return nil }
        let pages = edges.sorted { $0.offset < $1.offset }
        return RowOrder(pages.map(\.first) + pages.suffix(1).map(\.last))
    }
}
