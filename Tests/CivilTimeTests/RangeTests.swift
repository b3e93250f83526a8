import CivilTime
import Testing
import TestSupport

@Suite struct RangeTests {
    @Test(arguments: [
        ([], []),
        ([0..<0], []),
        ([3..<5], [3..<5]),
        ([3..<5, 7..<9], [3..<5, 7..<9]),
        ([7..<9, 3..<5], [3..<5, 7..<9]),
        ([3..<5, 5..<9], [3..<9]),
        ([5..<9, 3..<5], [3..<9]),
        ([3..<7, 5..<9], [3..<9]),
        ([3..<9, 4..<5], [3..<9]),
        ([1..<2, 3..<4, 5..<6, 2..<5], [1..<6]),
        ([1..<2, 8..<9, 0..<10], [0..<10])
    ])
    func insertion(inserted: [Range<Int64>], expected: [Range<Int64>]) {
        #expect(RangeSet(inserted.map(Range<Timestamp>.init)).ranges.map(\.self) == expected.map(Range<Timestamp>.init))
    }

    @Test(arguments: [
        (0..<10, 3..<3, [0..<10]),
        (0..<10, 0..<10, []),
        (2..<8, 0..<10, []),
        (0..<10, 3..<5, [0..<3, 5..<10]),
        (0..<10, 0..<5, [5..<10]),
        (0..<10, 5..<12, [0..<5]),
        (0..<10, 10..<12, [0..<10])
    ])
    func removal(whole: Range<Int64>, removed: Range<Int64>, expected: [Range<Int64>]) {
        var ranges = RangeSet([Range<Timestamp>(whole)])
        ranges.remove(contentsOf: Range(removed))
        #expect(ranges.ranges.map(\.self) == expected.map(Range<Timestamp>.init))
        #expect(ranges.isEmpty == expected.isEmpty)
    }

    @Test func rangeThatEndsBeforeItBegins() {
        var ranges = RangeSet([Range<Timestamp>(0..<10)])
        ranges.insert(contentsOf: Range(from: Timestamp(microseconds: 20), to: Timestamp(microseconds: 15)))
        ranges.remove(contentsOf: Range(from: Timestamp(microseconds: 8), to: Timestamp(microseconds: 2)))
        #expect(Array(ranges.ranges) == [Range(0..<10)])
    }

    /// The same insertions and removals on a set of single instants.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func likeASetOfInstants(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var ranges = RangeSet<Timestamp>()
        var model = Set<Int64>()
        for step in 0..<40 {
            let from = Int64.random(in: 0..<64, using: &random)
            let range = from..<from + Int64.random(in: 0..<12, using: &random)
            if Bool.random(using: &random) {
                ranges.insert(contentsOf: Range(range))
                model.formUnion(range)
            } else {
                ranges.remove(contentsOf: Range(range))
                model.subtract(range)
            }
            let instants = ranges.ranges.flatMap { $0.lowerBound.microseconds..<$0.upperBound.microseconds }
            #expect(instants == model.sorted(), "seed \(seed), step \(step)")
            let gaps = zip(ranges.ranges, ranges.ranges.dropFirst()).map {
                $1.lowerBound.microseconds - $0.upperBound.microseconds
            }
            #expect(gaps.allSatisfy { $0 > 0 }, "seed \(seed), step \(step): ranges touch")
        }
    }
}

extension Range<Timestamp> {
    /// The times whose microseconds are these.
    fileprivate init(_ microseconds: Range<Int64>) {
        self.init(
            from: Timestamp(microseconds: microseconds.lowerBound), to: Timestamp(microseconds: microseconds.upperBound)
        )
    }
}
