package import AuditRecords
package import CivilTime

/// Where an event's compacted line, and in it the bytes of its id, lie in a page.
package struct EventLocation: Sendable {
    /// The line, without a line end.
    package var line: Range<Int>
    /// The id's text between its quotation marks, without escapes.
    package var id: Range<Int>

    /// Names the two places.
    package init(line: Range<Int>, id: Range<Int>) {
        self.line = line
        self.id = id
    }
}

/// New events of one UTC date, on their way to a data file. The lines lie in chunks, so that growing moves nothing: in
/// pages as they came, or copied together where that would keep much else in memory.
package struct EventBatch: Sendable {
    /// The partition.
    package let date: CalendarDay

    /// Bytes of NDJSON, line ends counted.
    package private(set) var byteCount = 0

    /// Bytes that were copied: lines and ids.
    package private(set) var copiedBytes = 0

    /// The numbers of the pages that are kept for their lines.
    package private(set) var keptPages: [Int] = []

    /// The keys of all events, in the order in which they were added: no part of a data file, and asked for where the ids
    /// themselves have left the processor's caches.
    private(set) var keys: [EventKey] = []

    private var chunks: [[UInt8]] = []
    /// The chunk that has room for copies.
    private var open: Int?
    private var lastKept = 0
    private var entries: [Entry] = []

    private struct Entry {
        var time: Int64
        var chunk: UInt32
        var line: UInt32
        var lineLength: UInt32
        var id: UInt32
        var idLength: UInt32
    }

    private static let chunkSize = 1 << 20

    /// A batch without events.
    package init(date: CalendarDay) {
        self.date = date
    }

    /// How many events it holds.
    package var count: Int { entries.count }

    /// Adds an event: its compacted line without the line end, its time, its id's decoded bytes, and its key where that is
    /// known already.
    package mutating func append(line: RawSpan, time: Timestamp, id: RawSpan, key: EventKey? = nil) {
        let needed = line.byteCount + id.byteCount
        let chunk = chunk(withRoomFor: needed)
        let start = chunks[chunk].count
        line.withUnsafeBytes { chunks[chunk].append(contentsOf: $0) }
        // The id is kept apart from the line, where escapes may hide it.
        id.withUnsafeBytes { chunks[chunk].append(contentsOf: $0) }
        copiedBytes += needed
        let end = start + line.byteCount
        append(
            EventLocation(line: start..<end, id: end..<end + id.byteCount), chunk: chunk, time: time,
            key: key ?? EventKey(id: id))
    }

    /// Adds an event that stays in its page, which is kept; the events of a page come one after the other. Says whether
    /// the page is new here.
    package mutating func append(
        _ place: EventLocation, in page: [UInt8], number: Int, time: Timestamp, key: EventKey
    ) -> Bool {
        let isNew = keptPages.last != number
        if isNew {
            chunks.append(page)
            keptPages.append(number)
            lastKept = chunks.count - 1
        }
        append(place, chunk: lastKept, time: time, key: key)
        return isNew
    }

    private mutating func append(_ place: EventLocation, chunk: Int, time: Timestamp, key: EventKey) {
        keys.append(key)
        entries.append(
            Entry(
                time: time.microseconds, chunk: UInt32(chunk), line: UInt32(place.line.lowerBound),
                lineLength: UInt32(place.line.count), id: UInt32(place.id.lowerBound),
                idLength: UInt32(place.id.count)))
        byteCount += place.line.count + 1
    }

    private mutating func chunk(withRoomFor needed: Int) -> Int {
        if let open, chunks[open].capacity - chunks[open].count >= needed { return open }
        var chunk: [UInt8] = []
        chunk.reserveCapacity(max(Self.chunkSize, needed))
        chunks.append(chunk)
        open = chunks.count - 1
        return chunks.count - 1
    }

    /// Puts the events in the order of a data file: by time, then by id.
    package mutating func sort() {
        let chunks = chunks
        entries.sort { one, other in
            if one.time != other.time { return one.time < other.time }
            return Self.id(of: one, in: chunks).lexicographicallyPrecedes(Self.id(of: other, in: chunks))
        }
    }

    /// The values of all events.
    package var values: [EventValue] {
        entries.map { entry in
            let chunk = chunks[Int(entry.chunk)]
            let id = Int(entry.id)..<Int(entry.id) + Int(entry.idLength)
            let line = Int(entry.line)..<Int(entry.line) + Int(entry.lineLength)
            return EventValue(
                key: EventKey(id: chunk.span.bytes.extracting(id)),
                digest: CanonicalDigest(of: chunk.span.bytes.extracting(line)))
        }
    }

    private static func id(of entry: Entry, in chunks: [[UInt8]]) -> ArraySlice<UInt8> {
        chunks[Int(entry.chunk)][Int(entry.id)..<Int(entry.id + entry.idLength)]
    }

    /// The time of the event at `index`.
    func time(at index: Int) -> Timestamp { Timestamp(microseconds: entries[index].time) }

    /// Bytes of the line at `index`, line end counted.
    func lineSize(at index: Int) -> Int { Int(entries[index].lineLength) + 1 }

    /// Hands over the line at `index`, without its line end.
    func withLine<Result, Failure: Error>(
        at index: Int, _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let entry = entries[index]
        let start = Int(entry.line)
        // As a span, so that the chunk is neither retained nor released for each line.
        let chunks = chunks.span
        return try body(chunks[Int(entry.chunk)].span.bytes.extracting(start..<start + Int(entry.lineLength)))
    }
}
