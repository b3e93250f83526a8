/// Where an event's bytes lie in an ``EventArena``.
struct EventLocation: Equatable, Sendable {
    fileprivate let chunk: Int32
    fileprivate let offset: Int32
    let length: Int32
}

/// The bytes of all events, each kept once, in chunks that never move.
struct EventArena: Sendable {
    private static let chunkSize = 4 << 20
    private var chunks: [[UInt8]] = []

    /// Lets `write` append one event's bytes and says where they are.
    mutating func append<Result>(_ write: (inout [UInt8]) -> Result) -> (location: EventLocation, result: Result) {
        if chunks.last.map({ $0.count >= Self.chunkSize }) ?? true {
            var chunk: [UInt8] = []
            // Room for one event past the limit, so that a full chunk is not copied to grow.
            chunk.reserveCapacity(Self.chunkSize + 1 << 16)
            chunks.append(chunk)
        }
        let index = chunks.count - 1
        let offset = chunks[index].count
        let result = write(&chunks[index])
        let length = chunks[index].count - offset
        return (EventLocation(chunk: Int32(index), offset: Int32(offset), length: Int32(length)), result)
    }

    /// Appends the bytes at `location`, less the last `dropping`, to `out`.
    func copy(_ location: EventLocation, dropping: Int = 0, to out: inout [UInt8]) {
        let start = Int(location.offset)
        out.append(contentsOf: chunks[Int(location.chunk)][start..<(start + Int(location.length) - dropping)])
    }
}
