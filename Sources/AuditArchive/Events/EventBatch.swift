package import JSONText

/// New events of one UTC date, on their way to a data file. The lines lie in chunks, so that growing moves nothing.
package struct EventBatch: Sendable {
    /// The partition.
    package let date: CalendarDay

    /// Bytes of NDJSON, line ends counted.
    package private(set) var byteCount = 0

    private var chunks: [[UInt8]] = []
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

    /// Adds an event: its compacted line without the line end, its time, and its id's decoded bytes.
    package mutating func append(line: RawSpan, time: Timestamp, id: RawSpan) {
        let needed = line.byteCount + id.byteCount
        if chunks.last.map({ $0.capacity - $0.count < needed }) ?? true {
            var chunk: [UInt8] = []
            chunk.reserveCapacity(max(Self.chunkSize, needed))
            chunks.append(chunk)
        }
        let last = chunks.count - 1
        let start = chunks[last].count
        line.withUnsafeBytes { chunks[last].append(contentsOf: $0) }
        // The id is kept apart from the line, where escapes may hide it.
        id.withUnsafeBytes { chunks[last].append(contentsOf: $0) }
        entries.append(
            Entry(
                time: time.microseconds, chunk: UInt32(last), line: UInt32(start), lineLength: UInt32(line.byteCount),
                id: UInt32(start + line.byteCount), idLength: UInt32(id.byteCount)))
        byteCount += line.byteCount + 1
    }

    /// Puts the events in the order of a data file: by time, then by id.
    package mutating func sort() {
        let chunks = chunks
        entries.sort { one, other in
            if one.time != other.time { return one.time < other.time }
            return Self.id(of: one, in: chunks).lexicographicallyPrecedes(Self.id(of: other, in: chunks))
        }
    }

    private static func id(of entry: Entry, in chunks: [[UInt8]]) -> ArraySlice<UInt8> {
        chunks[Int(entry.chunk)][Int(entry.id)..<Int(entry.id + entry.idLength)]
    }

    /// The time of the event at `index`.
    package func time(at index: Int) -> Timestamp { Timestamp(microseconds: entries[index].time) }

    /// Bytes of the line at `index`, line end counted.
    package func lineSize(at index: Int) -> Int { Int(entries[index].lineLength) + 1 }

    /// Hands over the line at `index`, without its line end.
    package func withLine<Result, Failure: Error>(
        at index: Int, _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let entry = entries[index]
        let start = Int(entry.line)
        let chunk = chunks[Int(entry.chunk)]
        return try body(chunk.span.bytes.extracting(start..<start + Int(entry.lineLength)))
    }
}
