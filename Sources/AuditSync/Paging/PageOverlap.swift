import AuditRecords

/// Checks that neighbouring pages of a pass fit together: a page begins with the last rows of the one before.
///
/// A total that stays the same does not prove that no row moved: a removal before the offset pulls a row past it unseen, and
/// an arrival elsewhere makes up for the count. But if two answers share a row that is the only one of its time, then
/// every row that was listed all the time lies before that row in both answers or behind it in both, and was read. Rows of
/// one time may change places between two answers, so a shared row that has such neighbours proves nothing: one more page
/// around it is asked for, which holds all of them at once.
struct PageOverlap: Sendable {
    /// How two neighbouring answers fit.
    private enum Fit: Comparable {
        /// They share no row, and no row that could have changed places with one.
        case none
        /// They share rows, or may, but none that is the only one of its time.
        case loose
        /// They share a row that is the only one of its time.
        case proven
    }

    /// Two neighbours that one more page has to join.
    private struct Gap: Sendable {
        var first: RowRun
        var second: RowRun
        var fit: Fit

        /// The middle of the rows of one time around the edge, as far as they were seen.
        var middle: Int {
            let start = first.end - max(1, first.tiedAtEnd)
            guard let last = first.rows.last else { return second.offset }
            let tied = second.rows.prefix { $0.mayBeTied(with: last) }.count
            return (start + max(first.end, second.offset + tied)) / 2
        }
    }

    /// A page that is to begin on rows of the page before.
    private struct Head: Sendable {
        var page: RowRun
        /// How many rows the two are to share.
        var shared: Int
    }

    /// More edges that do not fit are no accident.
    private static let mostBridges = 8
    /// More edges among ties cost less by reading everything a second time.
    private static let mostBridgesOverTies = 32

    /// Pages on whose last row no page has begun yet.
    private var ends: [RowRun] = []
    /// Pages whose forerunner has not come yet.
    private var heads: [Head] = []
    private var gaps: [Gap] = []
    private var bridges = 0
    private var bridgesOverTies = 0
    private var isBroken = false
    private var hasTies = false

    /// How many rows the next page should share with the one before it.
    private(set) var overlap = 2

    /// Whether all pages so far that were to share a row do.
    var hold: Bool { !isBroken && heads.isEmpty && !gaps.contains { $0.fit == .none } }

    /// Whether moreover no row can have slipped past unseen among rows of one time.
    var areClean: Bool { hold && !hasTies && gaps.isEmpty }

    /// Takes a page. `shared`: how many of its first rows are to be on the page before.
    mutating func add(offset: Int, rows: [PageRow], shared: Int) {
        guard !rows.isEmpty else { return }
        let page = RowRun(offset: offset, rows: rows)
        ends.append(page)
        if shared > 0 { heads.append(Head(page: page, shared: shared)) } else if offset > 0 { hasTies = true }
        heads = heads.filter { !settle($0) }
    }

    /// Expects no page before one that begins before `offset`.
    mutating func dismissAll(before offset: Int) {
        heads.removeAll { $0.page.offset < offset }
    }

    /// Whether another page may make two pages fit.
    var canBridge: Bool { !isBroken && nextGap != nil }

    /// Where the next two pages meet that did not fit, to be asked for once, and the row around which to ask.
    mutating func nextToBridge() -> (edge: Int, middle: Int)? {
        guard !isBroken, let index = nextGap else { return nil }
        if gaps[index].fit == .none { bridges += 1 } else { bridgesOverTies += 1 }
        // Tried next, and found again by its offset.
        gaps.swapAt(index, 0)
        return (gaps[0].second.offset, gaps[0].middle)
    }

    private var nextGap: Int? {
        gaps.firstIndex {
            $0.fit == .none ? bridges < Self.mostBridges : bridgesOverTies < Self.mostBridgesOverTies
        }
    }

    /// Takes a page around the edge at `position`: what holds for two pages that fit holds for two that both fit a third.
    mutating func bridge(_ position: Int, offset: Int, rows: [PageRow]) {
        guard let index = gaps.firstIndex(where: { $0.second.offset == position }) else { return }
        let gap = gaps.remove(at: index)
        let page = RowRun(offset: offset, rows: rows)
        let first = offset == 0 ? Fit.proven : Self.fit(gap.first, page)
        switch min(first, Self.fit(page, gap.second)) {
        case .proven: break
        case .loose:
            hasTies = true
            // More of one time than a page holds: the other edges among ties would be asked for in vain.
            bridgesOverTies = Self.mostBridgesOverTies
        case .none: isBroken = true
        }
    }

    /// Compares a page with the one before, if that has come. Returns whether it has.
    private mutating func settle(_ head: Head) -> Bool {
        let page = head.page
        guard let index = ends.firstIndex(where: { $0.offset < page.offset && page.offset + head.shared <= $0.end })
        else { return false }
        let before = ends[index]
        let fit = Self.fit(before, page)
        if fit != .proven { gaps.append(Gap(first: before, second: page, fit: fit)) }
        // From here on pages share all rows of a time, where there are not too many of them.
        if fit == .loose { overlap = max(overlap, min(before.tiedAtEnd + 2, before.rows.count / 4)) }
        if page.end >= before.end { ends.remove(at: index) }
        return true
    }

    /// Compares two answers of which the second begins inside the first.
    private static func fit(_ first: RowRun, _ second: RowRun) -> Fit {
        let start = second.offset - first.offset
        for index in 0..<max(0, min(first.rows.count - start, second.rows.count)) where start >= 0 {
            // In nearly all cases no row has moved.
            guard first.rows[start + index].key == second.rows[index].key else { break }
            if first.isUntied(at: start + index) || second.isUntied(at: index) { return .proven }
        }
        return fitOfMoved(first, second)
    }

    /// The same where rows may stand anywhere: an arrival may have pushed them on.
    private static func fitOfMoved(_ first: RowRun, _ second: RowRun) -> Fit {
        guard let last = first.rows.last, let head = second.rows.first else { return .none }
        let places = (first.places, second.places)
        var isShared = false
        var tries = 0
        for (index, row) in second.rows.enumerated() {
            guard let place = places.0[row.key] else { continue }
            isShared = true
            guard first.isUntied(at: place) || second.isUntied(at: index), tries < mostTries else { continue }
            tries += 1
            let behind = first.rows[(place + 1)...].count { places.1[$0.key].map { $0 > index } ?? false }
            let before = second.rows[..<index].count { places.0[$0.key].map { $0 < place } ?? false }
            // A row that is listed twice, far apart, is on both pages as well; its neighbours are not.
            if behind * 2 >= first.rows.count - place - 1, before * 2 >= index { return .proven }
        }
        return isShared || head.mayBeTied(with: last) ? .loose : .none
    }

    /// Shared rows whose neighbours are looked at.
    private static let mostTries = 16
}

/// The rows of one answer, and where they lie in the list.
private struct RowRun: Sendable {
    /// The offset of the first row.
    var offset: Int
    /// The rows, in the list's order.
    var rows: [PageRow]

    /// The offset behind the last row.
    var end: Int { offset + rows.count }

    /// Where each row stands in the answer, by its key.
    var places: [EventKey: Int] { Dictionary(zip(rows.lazy.map(\.key), rows.indices)) { one, _ in one } }

    /// Whether the row at `index` is known to be the only one of its time: both neighbours are in the answer, or it is the
    /// list's first row, and theirs are other times.
    func isUntied(at index: Int) -> Bool {
        guard index + 1 < rows.count, !rows[index].mayBeTied(with: rows[index + 1]) else { return false }
        guard index > 0 else { return offset == 0 }
        return !rows[index].mayBeTied(with: rows[index - 1])
    }

    /// How many rows at the end are, or may be, of one time.
    var tiedAtEnd: Int {
        guard let last = rows.last else { return 0 }
        return rows.reversed().prefix { $0.mayBeTied(with: last) }.count
    }
}
