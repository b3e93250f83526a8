import AuditArchive
import CaptivateIQAPI
import JSONText

/// Watches a walk for what the next window or the next sync can be spared.
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
        return TailHint(
            generation: 0, start: start, total: total, order: order,
            edge: newest(min(TailHint.edgeCount, total), of: total, order), walkedAt: walkedAt)
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
}
