/// Decides whether a window whose walk did not add up is walked once more.
struct WalkRepetition: Sendable {
    enum Decision {
        /// All walks together have seen every row.
        case settled
        case again
        case givenUp
    }

    /// Walks before a window is given up: in all, and since one found events that those before it had not.
    private static let mostWalks = (inAll: 8, inVain: 2)

    /// The page size of the next walk.
    private(set) var pageSize: Int

    private var walks = 0
    private var inVain = 0
    private var seen = 0
    private var totals: Set<Int> = []
    private var allFit = true

    /// Before the first walk.
    init(pageSize: Int) {
        self.pageSize = pageSize
    }

    /// Decides after a walk that is over. `seen`: different records that all walks saw.
    mutating func decide(after walk: WindowWalk, seen: SeenRows) -> Decision {
        walks += 1
        totals.formUnion([walk.totals?.lowest ?? -1, walk.totals?.highest ?? -1])
        allFit = allFit && walk.seamsHold
        // Rows that only swapped places are all found by walks whose pages end elsewhere.
        if allFit, totals.count == 1, let total = totals.first, seen.areAll(of: total) { return .settled }
        inVain = seen.fewest > self.seen ? 0 : inVain + 1
        self.seen = seen.fewest
        pageSize = max(min(2, walk.step), walk.step * 3 / 4)
        return walks < Self.mostWalks.inAll && inVain < Self.mostWalks.inVain ? .again : .givenUp
    }
}
