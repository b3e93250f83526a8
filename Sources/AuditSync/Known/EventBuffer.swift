import AuditArchive
import AuditRecords
import CivilTime

/// New events in memory, a batch for each date, until they are written.
struct EventBuffer: Sendable {
    private struct Slot: Sendable {
        var batch: EventBatch
        var lastTouched: Int
    }

    /// A page that batches refer to instead of copying from it.
    private struct KeptPage: Sendable {
        var size: Int
        var batches: Int
    }

    private var slots: [Slot] = []
    private var places: [CalendarDay: Int] = [:]
    private var current: Int?
    private var touches = 0
    private var pages: [Int: KeptPage] = [:]
    private var lastPage = 0

    /// Bytes of memory that the events hold.
    private(set) var byteCount = 0

    var isEmpty: Bool { slots.isEmpty }

    /// Adds an event by copying its line and its id.
    mutating func append(line: RawSpan, id: RawSpan, time: Timestamp, key: EventKey) {
        let index = touchedSlot(of: time.day)
        slots[index].batch.append(line: line, time: time, id: id, key: key)
        byteCount += line.byteCount + id.byteCount
    }

    /// The values of the events of a date.
    func values(of date: CalendarDay) -> [EventValue] { places[date].map { slots[$0].batch.values } ?? [] }

    /// A number for a page whose events come next, to be kept until all of them are written.
    mutating func beginPage() -> Int {
        lastPage += 1
        return lastPage
    }

    /// Adds an event that stays where it is in a page.
    mutating func append(_ place: EventPlace, in page: [UInt8], number: Int, time: Timestamp, key: EventKey) {
        let index = touchedSlot(of: time.day)
        guard slots[index].batch.append(place, in: page, number: number, time: time, key: key) else { return }
        // Not its capacity, which depends on the pieces that it came in: what is written when must not.
        if pages[number] == nil { byteCount += page.count }
        pages[number, default: KeptPage(size: page.count, batches: 0)].batches += 1
    }

    /// Takes batches out until no more than `limit` bytes are left: those first that nothing was added to for the
    /// longest time, for in ordered pages their dates are complete.
    mutating func takeBatches(downTo limit: Int) -> [EventBatch] {
        var taken: [EventBatch] = []
        var left: [Slot] = []
        for slot in slots.sorted(by: { $0.lastTouched < $1.lastTouched }) {
            if byteCount > limit || limit == 0 {
                release(slot.batch)
                taken.append(slot.batch)
            } else {
                left.append(slot)
            }
        }
        slots = left
        current = nil
        places = [:]
        for (index, slot) in slots.enumerated() { places[slot.batch.date] = index }
        return taken
    }

    /// Neighbours in a page nearly always have the same date.
    private mutating func touchedSlot(of date: CalendarDay) -> Int {
        touches += 1
        let index: Int
        if let current, slots[current].batch.date == date {
            index = current
        } else if let place = places[date] {
            index = place
        } else {
            index = slots.count
            places[date] = index
            slots.append(Slot(batch: EventBatch(date: date), lastTouched: 0))
        }
        slots[index].lastTouched = touches
        current = index
        return index
    }

    private mutating func release(_ batch: EventBatch) {
        byteCount -= batch.copiedBytes
        for number in batch.keptPages {
            guard var page = pages[number] else { continue }
            page.batches -= 1
            pages[number] = page.batches == 0 ? nil : page
            if page.batches == 0 { byteCount -= page.size }
        }
    }
}
