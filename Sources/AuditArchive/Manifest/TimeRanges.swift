package import CivilTime

/// Times from `from` up to, but not including, `to`.
package struct TimeRange: Hashable, Sendable {
    /// The first time that belongs to it.
    package var from: Timestamp

    /// The first time after it.
    package var to: Timestamp

    /// Describes the times in `from..<to`; empty unless `from < to`.
    package init(from: Timestamp, to: Timestamp) {
        self.from = from
        self.to = to
    }
}

extension TimeRange {
    /// The last time that can be written, and so the latest end of a range in a manifest.
    private static let latest = CalendarDay.last.start + .seconds(86_400) - .microseconds(1)

    /// The times from `first` up to and including `last`. The very last time there is stays out: no range can end after
    /// it, and every sync looks there in any case.
    init(from first: Timestamp, through last: Timestamp) {
        self.init(from: first, to: min(last + .microseconds(1), Self.latest))
    }
}

/// A set of times as sorted ranges that neither touch nor overlap.
package struct TimeRanges: Hashable, Sendable {
    /// The ranges, oldest first.
    package private(set) var ranges: [TimeRange] = []

    /// The empty set.
    package init() {}

    /// The union of some ranges; empty ones add nothing.
    package init(_ ranges: [TimeRange]) {
        for range in ranges { insert(range) }
    }

    /// Whether no time belongs to the set.
    package var isEmpty: Bool { ranges.isEmpty }

    /// Adds a range.
    package mutating func insert(_ range: TimeRange) {
        guard range.from < range.to else { return }
        var merged = range
        ranges.removeAll { other in
            guard other.from <= merged.to && merged.from <= other.to else { return false }
            merged = TimeRange(from: min(merged.from, other.from), to: max(merged.to, other.to))
            return true
        }
        let place = ranges.firstIndex { $0.from > merged.from } ?? ranges.endIndex
        ranges.insert(merged, at: place)
    }

    /// Takes a range out.
    package mutating func remove(_ range: TimeRange) {
        guard range.from < range.to else { return }
        ranges = ranges.flatMap { other in
            [
                TimeRange(from: other.from, to: min(other.to, range.from)),
                TimeRange(from: max(other.from, range.to), to: other.to)
            ].filter { $0.from < $0.to }
        }
    }
}
