/// Whether a walk that is over has seen every event that its query matches.
package enum WalkVerdict: Sendable, Equatable {
    /// Every row that the list had all the time was read: as many as the API says there are where its totals tell, else all
    /// up to the list's own end.
    case whole
    /// The same, but rows of one time may have changed places around the edge of a page: a second walk has to see the same.
    case unproven
    /// The total only grew: events arrived. Reading the edges again can settle it.
    case grew
    /// The list ended before the total, and all its rows were read: the total is not exact, or the API cuts long lists.
    case short
    /// Rows moved, or the answers contradict each other: only another walk can tell.
    case moved

    /// What long lists are most often cut to without a word, in the total as well.
    private static let customaryCut = 10_000

    /// Judges a walk by the different rows it saw.
    package init(_ walk: WindowWalk, distinct: SeenRows) {
        guard let totals = walk.totals, !walk.gaveUp, walk.seamsHold else {
            self = .moved
            return
        }
        let known = distinct + (walk.skippedRows + walk.doubledRows)
        let whole = walk.seamsAreClean ? WalkVerdict.whole : .unproven
        let isAllListed = known.areAll(of: walk.rowCount, areClean: walk.seamsAreClean)
        if walk.countsAreLow && (isAllListed || totals.newest < walk.rowCount) {
            self = isAllListed ? whole : .moved
        } else if walk.hasShrunk {
            // A removed row that was read makes up for one that slipped past, whatever arrived since.
            self = .moved
        } else if totals.lowest == totals.highest {
            let isAll = known.areAll(of: totals.newest, areClean: walk.seamsAreClean)
            let mayBeCut = isAll && walk.skippedRows == 0 && totals.newest == Self.customaryCut
            self = isAll && !mayBeCut ? whole : isAllListed && (walk.isShort || mayBeCut) ? .short : .moved
        } else {
            self = totals.newest == totals.highest && known.fewest <= totals.newest ? .grew : .moved
        }
    }
}
