/// Whether a walk that is over has seen every event that its query matches.
package enum WalkVerdict: Sendable, Equatable {
    /// As many different events as the API says there are, and it said the same all the time.
    case whole
    /// The total only grew: events arrived. Reading the edges again can settle it.
    case grew
    /// Rows moved, or the answers contradict each other: only another walk can tell.
    case moved

    /// Judges a walk by the different rows it saw.
    package init(_ walk: WindowWalk, distinct: SeenRows) {
        // A removed row that was read makes up for one that slipped past, whatever arrived since.
        guard let totals = walk.totals, !walk.gaveUp, !walk.hasShrunk, walk.seamsHold else {
            self = .moved
            return
        }
        let known = distinct + walk.skippedRows
        if totals.lowest == totals.highest {
            self = known.areAll(of: totals.newest, areClean: walk.seamsAreClean) ? .whole : .moved
        } else {
            self = totals.newest == totals.highest && known.fewest <= totals.newest ? .grew : .moved
        }
    }
}
