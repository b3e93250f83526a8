import AuditArchive
import CaptivateIQAPI
import JSONText

/// Watches a walk of the look-back window for what the next sync can be spared.
struct TailRecorder: Sendable {
    private var detector = RowOrderDetector()
    private var edges: [Int: EventKey] = [:]
    private var hasOddRows = false

    /// Takes a page of the walk.
    mutating func add(_ reading: PageReading) {
        guard reading.odd.isEmpty else {
            hasOddRows = true
            return
        }
        let offset = reading.page.request.offset
        detector.add(offset: offset, times: reading.events.map(\.time))
        let count = reading.events.count
        for index in Set(0..<min(count, TailHint.edgeCount)).union(max(0, count - TailHint.edgeCount)..<count) {
            edges[offset + index] = reading.events[index].key
        }
    }

    /// The order that the walk showed.
    var order: RowOrder? { detector.order }

    /// What to remember of a walk that was whole; its generation is that of the commit that follows.
    func hint(start: CalendarDay, total: Int, walkedAt: Timestamp) -> TailHint? {
        guard !hasOddRows, let order else { return nil }
        let count = min(TailHint.edgeCount, total)
        let rows = order == .ascending ? (total - count)..<total : 0..<count
        return TailHint(
            generation: 0, start: start, total: total, order: order, edge: rows.compactMap { edges[$0] },
            walkedAt: walkedAt)
    }
}
