import AuditArchive
import AuditRecords
import CaptivateIQAPI
import CivilTime

/// Watches a pass for what the next window or the next sync can be spared.
struct TailRecorder: Sendable {
    private var detector = RowOrderDetector()
    private var edges: [Int: EventKey] = [:]
    /// The hashes of the texts of the rows in ``edges``; `nil` where no fingerprint is to be made of the pass.
    private var texts: [Int: EventKey]?
    private var hasUnusableRows = false
    /// The times of the oldest and the newest event.
    private(set) var times: ClosedRange<Timestamp>?
    /// Whether the page that reaches farthest names a next one.
    private var last = (end: 0, hasNext: false)

    /// A recorder of a pass over a window. One without an end is what a fingerprint is made of.
    init(_ window: Window) {
        texts = window.end == nil ? [:] : nil
    }

    /// Takes a page of the pass.
    mutating func add(_ reading: ParsedPage) {
        hasUnusableRows = hasUnusableRows || !reading.unusable.isEmpty
        let offset = reading.page.request.offset
        let times = reading.events.map(\.time)
        detector.add(offset: offset, times: times)
        if let oldest = times.min(), let newest = times.max() {
            self.times = min(oldest, self.times?.lowerBound ?? oldest)...max(newest, self.times?.upperBound ?? newest)
        }
        // Of a list that fits one page all rows may be needed.
        let rows = reading.edgeRows(offset == 0 ? times.count : TailFingerprint.edgeCount)
        for (index, row) in rows { edges[offset + index] = row.key }
        if texts != nil, reading.unusable.isEmpty {
            for (index, _) in rows { texts?[offset + index] = RowTexts.hash(of: reading.events[index], in: reading) }
        }
        let end = offset + reading.events.count + reading.unusable.count
        if end >= last.end { last = (end, reading.page.next == .present) }
    }

    /// The order that the pass showed.
    var order: RowOrder? { detector.order }

    /// What to remember of a pass that was whole; the manifest is that of the commit that follows.
    func fingerprint(of paginator: OffsetPaginator, start: CalendarDay, walkedAt: Timestamp, seenTo: Timestamp?)
        -> TailFingerprint?
    {
        let (rows, page) = (paginator.rowCount, paginator.pageRows)
        let likely = detector.likelyOrder
        let count = TailFingerprint.edgeCount(rows: rows, page: page, isSorted: likely != nil)
        // Where totals grow from page to page, those of the newest rows' page tell nothing.
        guard let count,
            let total = paginator.countsAreLow ? paginator.totals?.lowest : paginator.totals?.newest
        else { return nil }
        let order = likely ?? .ascending
        return TailFingerprint(
            manifest: "", start: start, rows: rows, total: total, page: page, isEndless: last.hasNext,
            order: order, isSorted: likely != nil, edge: newest(count, of: rows, order),
            texts: likely.map { texts(count, of: rows, $0) } ?? RowTexts(),
            far: oldest(min(TailFingerprint.farCount, rows), of: rows, order), walkedAt: walkedAt, seenTo: seenTo)
    }

    /// The texts of the newest rows of a list; where it is descending, of all in a row from the first one on.
    private func texts(_ count: Int, of total: Int, _ order: RowOrder) -> RowTexts {
        let rows = order == .ascending ? total - count..<total : 0..<total
        let known = rows.lazy.map { texts?[$0] }.prefix { $0 != nil }.compactMap(\.self)
        return RowTexts(known)
    }

    /// What the next window, which begins with the day that this one ends with, need not read again; `count`: rows of that
    /// day and later ones.
    func windowOverlap(total: Int, count: Int) -> WindowOverlap? {
        guard !hasUnusableRows, let order, count > 0 else { return nil }
        let size = min(TailFingerprint.edgeCount, count)
        let edge = newest(size, of: total, order)
        return edge.count == size ? WindowOverlap(order: order, count: count, edge: edge) : nil
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
