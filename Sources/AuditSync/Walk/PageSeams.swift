package import AuditArchive
package import JSONText

/// A row of a page, as far as neighbouring pages are compared.
package struct PageRow: Sendable, Equatable {
    /// Its event, or what stands for a record that is none.
    package var key: EventKey
    /// Its event time, if it has one.
    package var time: Timestamp?

    /// Describes a row.
    package init(key: EventKey, time: Timestamp?) {
        self.key = key
        self.time = time
    }
}

/// Checks that neighbouring pages of a walk fit together: a page begins with the last row of the one before.
///
/// A total that stays the same does not prove that no row moved: a removal before the offset pulls a row past it unseen, and
/// an arrival elsewhere makes up for the count. But if a page's first row stands on the page before, then every row that
/// was listed all the time lies before that row in both answers or behind it in both, and was read.
struct PageSeams: Sendable {
    /// More seams that do not fit are no accident.
    private static let mostBridges = 8

    private struct Page: Sendable {
        var offset: Int
        var rows: [PageRow]

        func holds(_ position: Int) -> Bool { offset < position && position < offset + rows.count }
    }

    /// The first row of a page, and the second one if there is one.
    private struct Head: Sendable {
        var offset: Int
        var row: PageRow
        var next: PageRow?
    }

    /// Pages on whose last row no page has begun yet.
    private var ends: [Page] = []
    /// First rows of pages whose forerunner has not come yet.
    private var heads: [Head] = []
    /// Seams that did not fit, for answers may overtake arrivals; and how many of them were asked for again.
    private var broken: [(head: Head, page: Page)] = []
    private var bridges = 0
    private var isBroken = false
    private var hasTies = false

    /// Whether all pages so far that were to share a row do.
    var hold: Bool { !isBroken && heads.isEmpty && broken.isEmpty }

    /// Whether moreover every shared row is in its place, and its neighbours cannot have changed places around it.
    var areClean: Bool { hold && !hasTies }

    /// Takes a page. `isSharing`: its first row is to be on the page before.
    mutating func add(offset: Int, rows: [PageRow], isSharing: Bool) {
        guard let first = rows.first else { return }
        let page = Page(offset: offset, rows: rows)
        ends.append(page)
        if isSharing { heads.append(Head(offset: offset, row: first, next: rows.dropFirst().first)) }
        heads = heads.filter { !settle($0) }
    }

    /// Expects no page before the one that begins at `offset`.
    mutating func dismiss(offset: Int) {
        heads.removeAll { $0.offset == offset }
    }

    /// Whether another page may make a seam fit.
    var canBridge: Bool { !isBroken && !broken.isEmpty && bridges < Self.mostBridges }

    /// Where the next seam lies that did not fit, to be asked for once.
    mutating func nextToBridge() -> Int? {
        guard canBridge else { return nil }
        bridges += 1
        return broken.first?.head.offset
    }

    /// Takes a page around the seam at `position`: what holds for two pages that fit holds for two that both fit a third.
    mutating func bridge(_ position: Int, offset: Int, rows: [PageRow]) {
        guard let index = broken.firstIndex(where: { $0.head.offset == position }) else { return }
        let (head, page) = broken.remove(at: index)
        let joinsFirst = offset == 0 || rows.first.map { row in page.rows.contains { $0.key == row.key } } ?? false
        if !joinsFirst || !rows.contains(where: { $0.key == head.row.key }) { isBroken = true }
    }

    /// Compares a first row with the page before, if that has come. Says whether it has.
    private mutating func settle(_ head: Head) -> Bool {
        guard let index = ends.firstIndex(where: { $0.holds(head.offset) }) else { return false }
        let page = ends[index]
        // Ties may be listed in any order, so a row as old as the page's last one may have changed places with it. So may
        // one whose time is not known.
        let (time, last) = (head.row.time, page.rows.last?.time)
        let isTie = time == last || time == nil || last == nil
        if !isTie && !page.rows.contains(where: { $0.key == head.row.key }) { broken.append((head, page)) }
        let row = head.offset - page.offset
        let areTies = time != nil && page.rows[row - 1].time == time && head.next?.time == time
        if areTies || page.rows[row].key != head.row.key { hasTies = true }
        if head.offset == page.offset + page.rows.count - 1 { ends.remove(at: index) }
        return true
    }
}
