/// Decides whether a window whose walk did not add up is walked once more.
struct WalkRepetition: Sendable {
    enum Decision {
        /// All walks together have seen every row.
        case settled
        case again
        case givenUp
    }

    /// Walks before a window is given up, and as long as each finds events that the others did not.
    private static let mostWalks = (moved: 3, growing: 8)

    /// The page size of the next walk.
    private(set) var pageSize: Int

    private var walks = 0
    private var seen = 0
    private var totals: Set<Int> = []
    private var allFit = true

    /// Before the first walk.
    init(pageSize: Int) {
        self.pageSize = pageSize
    }

    /// Decides after a walk that is over. `seen`: different records that all walks saw.
    mutating func decide(after walk: WindowWalk, seen: Int) -> Decision {
        walks += 1
        totals.formUnion([walk.totals?.lowest ?? -1, walk.totals?.highest ?? -1])
        allFit = allFit && walk.seamsHold
        // Rows that only swapped places are all found by walks whose pages end elsewhere.
        if allFit, totals.count == 1, totals.contains(seen) { return .settled }
        let hasFound = seen > self.seen
        self.seen = seen
        pageSize = max(min(2, walk.step), walk.step * 3 / 4)
        return walks < Self.mostWalks.moved || hasFound && walks < Self.mostWalks.growing ? .again : .givenUp
    }
}
