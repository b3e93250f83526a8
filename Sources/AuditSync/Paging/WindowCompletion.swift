/// Whether a pass that is over has seen every event that its query matches.
enum WindowCompletion: Sendable, Equatable {
    /// Every row that the list had all the time was read: as many as the API says there are where its totals tell, else all
    /// up to the list's own end.
    case whole
    /// The same, but rows of one time may have changed places around the edge of a page: a second pass has to see the same.
    case unproven
    /// The total only grew: events arrived. Reading the edges again can settle it.
    case grew
    /// The list ended before the total, and all its rows were read: the total is not exact, or the API cuts long lists.
    case short
    /// Rows moved, or the answers contradict each other: only another pass can tell.
    case moved

    /// Judges a pass by the different rows it saw.
    init(_ paginator: OffsetPaginator, distinct: SeenRows) {
        guard let totals = paginator.totals, !paginator.gaveUp, paginator.pagesOverlap else {
            self = .moved
            return
        }
        let known = distinct + (paginator.skippedRows + paginator.doubledRows)
        let whole = paginator.overlapsAreClean ? WindowCompletion.whole : .unproven
        let isAllListed = known.areAll(of: paginator.rowCount, areClean: paginator.overlapsAreClean)
        if paginator.countsAreLow && (isAllListed || totals.newest < paginator.rowCount) {
            self = isAllListed ? whole : .moved
        } else if paginator.hasShrunk {
            // A removed row that was read makes up for one that slipped past, whatever arrived since.
            self = .moved
        } else if totals.lowest == totals.highest {
            let isAll = known.areAll(of: totals.newest, areClean: paginator.overlapsAreClean)
            self = isAll ? whole : isAllListed && paginator.isShort ? .short : .moved
        } else {
            self = totals.newest == totals.highest && known.fewest <= totals.newest ? .grew : .moved
        }
    }
}
