import AuditArchive
import JSONText

/// New events in memory, a batch for each date, until they are written.
struct EventBuffer: Sendable {
    private var batches: [CalendarDay: EventBatch] = [:]
    private var lastTouched: [CalendarDay: Int] = [:]
    private var touches = 0

    /// Bytes of NDJSON held.
    private(set) var byteCount = 0

    var isEmpty: Bool { batches.isEmpty }

    mutating func append(line: RawSpan, id: RawSpan, time: Timestamp) {
        let date = time.day
        touches += 1
        lastTouched[date] = touches
        batches[date, default: EventBatch(date: date)].append(line: line, time: time, id: id)
        byteCount += line.byteCount + 1
    }

    /// Takes batches out until no more than `limit` bytes are left: those first that nothing was added to for the
    /// longest time, for in ordered pages their dates are complete.
    mutating func takeBatches(downTo limit: Int) -> [EventBatch] {
        var taken: [EventBatch] = []
        let dates = lastTouched.sorted { $0.value < $1.value }.map(\.key)
        for date in dates where byteCount > limit || limit == 0 {
            guard let batch = batches.removeValue(forKey: date) else { continue }
            lastTouched[date] = nil
            byteCount -= batch.byteCount
            taken.append(batch)
        }
        return taken
    }
}
