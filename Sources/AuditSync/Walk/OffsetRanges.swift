/// Sets of record offsets as sorted ranges that do not overlap. Neighbours are kept apart, so that a range can be taken out
/// as it was put in, unless they overlap.
struct OffsetRanges: Sendable {
    private var ranges: [Range<Int>] = []

    var isEmpty: Bool { ranges.isEmpty }

    /// Adds a range; what overlaps or touches it becomes one with it only if it overlaps.
    mutating func insert(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        var merged = range
        ranges.removeAll { other in
            guard other.overlaps(merged) else { return false }
            merged = min(merged.lowerBound, other.lowerBound)..<max(merged.upperBound, other.upperBound)
            return true
        }
        ranges.insert(merged, at: ranges.firstIndex { $0.lowerBound > merged.lowerBound } ?? ranges.endIndex)
    }

    /// Takes out the range that was put in at `start`.
    mutating func removeRange(startingAt start: Int) {
        ranges.removeAll { $0.lowerBound == start }
    }

    /// Where the range that holds `offset` ends; `nil` if none holds it.
    func end(containing offset: Int) -> Int? {
        ranges.first { $0.contains(offset) }?.upperBound
    }

    /// Where the first range behind `offset` begins.
    func start(after offset: Int) -> Int? {
        ranges.first { $0.lowerBound > offset }?.lowerBound
    }
}
