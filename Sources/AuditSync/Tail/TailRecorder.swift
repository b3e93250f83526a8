import AuditArchive
import AuditRecords
import CaptivateIQAPI
import CivilTime

/// Watches a walk for what the next window or the next sync can be spared.
struct TailRecorder: Sendable {
    private var detector = RowOrderDetector()
    private var edges: [Int: EventKey] = [:]
    private var hasOddRows = false
    /// Whether the page that reaches farthest names a next one.
    private var last = (end: 0, hasNext: false)

    /// Takes a page of the walk.
    mutating func add(_ reading: PageReading) {
        hasOddRows = hasOddRows || !reading.odd.isEmpty
        let offset = reading.page.request.offset
        detector.add(offset: offset, times: reading.events.map(\.time))
        let rows = reading.edgeRows(TailHint.edgeCount)
        for (index, row) in rows { edges[offset + index] = row.key }
        let end = offset + reading.events.count + reading.odd.count
        if end >= last.end { last = (end, reading.page.next == .present) }
    }

    /// The order that the walk showed.
    var order: RowOrder? { detector.order }

    /// What to remember of a walk that was whole; the manifest is that of the commit that follows.
    func hint(of walk: WindowWalk, start: CalendarDay, walkedAt: Timestamp, seenTo: Timestamp?) -> TailHint? {
        let rows = walk.rowCount
        // Where totals grow from page to page, those of the newest rows' page tell nothing.
        guard let seenTo, let total = walk.countsAreLow ? walk.totals?.lowest : walk.totals?.newest else { return nil }
        // Rows in their places tell that nothing has changed, whatever the order; it only says where to look for arrivals.
        let order = detector.likelyOrder
        return TailHint(
            manifest: "", start: start, rows: rows, total: total, page: walk.step, isEndless: last.hasNext,
            order: order, edge: newest(TailHint.edgeCount(rows: rows, page: walk.step), of: rows, order),
            far: oldest(min(TailHint.farCount, rows), of: rows, order), walkedAt: walkedAt,
            seenTo: seenTo)
    }

    /// What the next window, which begins with the day that this one ends with, need not read again; `count`: rows of that
    /// day and later ones.
    func joint(total: Int, count: Int) -> WindowJoint? {
        guard !hasOddRows, let order, count > 0 else { return nil }
        let size = min(TailHint.edgeCount, count)
        let edge = newest(size, of: total, order)
        return edge.count == size ? WindowJoint(order: order, count: count, edge: edge) : nil
    }

    /// The newest rows of a list, as far as they were seen.
    private func newest(_ count: Int, of total: Int, _ order: RowOrder) -> [EventKey] {
        let rows = order == .ascending ? (total - count)..<total : 0..<count
        return rows.compactMap { edges[$0] }
    }

    /// The oldest rows of a list, as far as they were seen.
    private func oldest(_ count: Int, of total: Int, _ order: RowOrder) -> [EventKey] {
        newest(count, of: total, order == .ascending ? .descending : .ascending)
    }
}
