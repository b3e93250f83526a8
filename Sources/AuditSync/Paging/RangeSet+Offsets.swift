/// Offsets of a list that are covered.
extension RangeSet<Int> {
    /// Where the range that holds `offset` ends; `nil` if none holds it.
    func end(containing offset: Int) -> Int? { ranges.first { $0.contains(offset) }?.upperBound }

    /// How many offsets of a range are in the set.
    func count(in range: Range<Int>) -> Int { ranges.reduce(0) { $0 + $1.clamped(to: range).count } }

    /// Where the first range behind `offset` begins.
    func start(after offset: Int) -> Int? { ranges.first { $0.lowerBound > offset }?.lowerBound }
}
