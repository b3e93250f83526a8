/// Decides whether a window whose walk did not add up is walked once more.
struct WalkRepetition: Sendable {
    enum Decision {
        /// All walks together have seen every row.
        case settled
        case again
        case givenUp
    }

    /// Walks before a window is given up: where rows moved, where they only swap places, where there are fewer than the
    /// total says, and since one found events that those before it had not.
    private static let mostWalks = (moved: 3, swapped: 8, short: 2, withoutFind: 2)
    /// Parts of the page size: pages that end elsewhere, but do not become so small that a list can outgrow them.
    private static let shares = [(3, 4), (5, 8), (7, 8)]

    /// The page size of the next walk.
    private(set) var pageSize: Int

    private let pageLimit: Int
    private var step = 1
    private var walks = 0
    private var inVain = 0
    private var seen = 0
    private var totals: Set<Int> = []
    private var allFit = true
    private var allAreClean = true

    /// Before the first walk.
    init(pageSize: Int) {
        self.pageSize = pageSize
        pageLimit = pageSize
    }

    /// Decides after a walk that is over. `seen`: different records that all walks saw.
    mutating func decide(after walk: WindowWalk, seen: SeenRows) -> Decision {
        walks += 1
        totals.formUnion([walk.totals?.lowest ?? -1, walk.totals?.highest ?? -1])
        allFit = allFit && walk.seamsHold
        allAreClean = allAreClean && walk.seamsAreClean
        let areOnlySwapped = allFit && totals.count == 1
        // Rows that only swapped places are all found by walks whose pages end elsewhere.
        if areOnlySwapped, let total = totals.first, seen.areAll(of: total, areClean: allAreClean) { return .settled }
        inVain = seen.fewest > self.seen ? 0 : inVain + 1
        self.seen = seen.fewest
        let share = Self.shares[walks % Self.shares.count]
        step = max(step, walk.step)
        pageSize = max(min(2, step), min(step, pageLimit) * share.0 / share.1)
        let isShort = walk.gaveUp && walk.seamsHold
        let most = isShort ? Self.mostWalks.short : areOnlySwapped ? Self.mostWalks.swapped : Self.mostWalks.moved
        return walks < most && inVain < Self.mostWalks.withoutFind ? .again : .givenUp
    }
}
