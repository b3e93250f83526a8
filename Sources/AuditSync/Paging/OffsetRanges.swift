/// Sets of record offsets as sorted ranges that do not overlap.
struct OffsetRanges: Sendable {
    private var ranges: [Range<Int>] = []

    /// Adds a range.
    mutating func insert(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        var merged = range
        ranges.removeAll { other in
            guard other.lowerBound <= merged.upperBound, merged.lowerBound <= other.upperBound else { return false }
            merged = min(merged.lowerBound, other.lowerBound)..<max(merged.upperBound, other.upperBound)
            return true
        }
        ranges.insert(merged, at: ranges.firstIndex { $0.lowerBound > merged.lowerBound } ?? ranges.endIndex)
    }

    /// Where the range that holds `offset` ends; `nil` if none holds it.
    func end(containing offset: Int) -> Int? {
        ranges.first { $0.contains(offset) }?.upperBound
    }

    /// How many offsets of a range are in the set.
    func count(in range: Range<Int>) -> Int { ranges.reduce(0) { $0 + $1.clamped(to: range).count } }

    /// Where the first range behind `offset` begins.
    func start(after offset: Int) -> Int? {
        ranges.first { $0.lowerBound > offset }?.lowerBound
    }
}
