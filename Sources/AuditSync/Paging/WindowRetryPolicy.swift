/// Decides whether a window whose pass did not add up is read once more.
struct WindowRetryPolicy: Sendable {
    enum Decision {
        /// All passes together have seen every row.
        case settled
        /// Two passes saw the same rows, fewer than the total says, or some of them listed twice.
        case stable
        case again
        case givenUp
    }

    /// Passes before a window is given up: where rows moved, where they only swap places, and since one found events that
    /// those before it had not.
    private static let maximumAttempts = (moved: 3, swapped: 8, withoutFind: 2)
    /// Parts of the page size: pages that end elsewhere, but do not become so small that a list can outgrow them.
    private static let shares = [(3, 4), (5, 8), (7, 8)]

    /// The page size of the next pass.
    private(set) var pageSize: Int

    private let pageLimit: Int
    private var step = 1
    private var attempts = 0
    private var inVain = 0
    private var seen = 0
    /// Whether the last pass saw all that any saw, and its pages fitted.
    private var sawAll = false
    private var totals: Set<Int> = []
    private var allFit = true
    private var allAreClean = true

    /// Before the first pass.
    init(pageSize: Int) {
        self.pageSize = pageSize
        pageLimit = pageSize
    }

    /// Decides after a pass that is over. `distinct`: different records that it saw; `seen`: that all passes saw.
    mutating func decide(after paginator: OffsetPaginator, distinct: SeenRows, seen: SeenRows) -> Decision {
        attempts += 1
        totals.formUnion([paginator.totals?.lowest ?? -1, paginator.totals?.highest ?? -1])
        allFit = allFit && paginator.pagesOverlap
        allAreClean = allAreClean && paginator.overlapsAreClean
        let hasFound = seen.fewest > self.seen
        let seesAll = !paginator.gaveUp && paginator.pagesOverlap && distinct == seen
        defer { sawAll = seesAll }
        inVain = hasFound ? 0 : inVain + 1
        self.seen = seen.fewest
        let areOnlySwapped = allFit && totals.count == 1
        // Rows that only swapped places are all found by passes whose pages end elsewhere. Where they may have hidden one
        // another, a pass that finds nothing more is the proof.
        if areOnlySwapped, let total = totals.first, seen.areAll(of: total, areClean: allAreClean),
            allAreClean || !hasFound
        {
            return .settled
        }
        if seesAll, sawAll, !hasFound { return .stable }
        // Rows of one time that change places, and no total to say how many there are.
        if allFit, paginator.countsAreLow, inVain >= Self.maximumAttempts.withoutFind { return .stable }
        let share = Self.shares[attempts % Self.shares.count]
        step = max(step, paginator.step)
        pageSize = max(min(2, step), min(step, pageLimit) * share.0 / share.1)
        let most = areOnlySwapped ? Self.maximumAttempts.swapped : Self.maximumAttempts.moved
        return attempts < most && inVain < Self.maximumAttempts.withoutFind ? .again : .givenUp
    }
}
