package import JSONText

/// What a later sync needs to go on with a backfill without reading anything twice. Remembered between runs; forgetting it
/// costs requests, never events.
package struct BackfillHint: Sendable, Equatable {
    /// A chain of windows that a run left off in the middle.
    package struct Chain: Sendable, Equatable {
        /// The archive's generation that holds the chain's events; a restored copy has another one.
        package var generation: Int
        /// From when on its windows hold every event.
        package var from: Timestamp
        /// `start_date` of the next window; the one before ended there.
        package var next: CalendarDay

        /// Describes a chain.
        package init(generation: Int, from: Timestamp, next: CalendarDay) {
            self.generation = generation
            self.from = from
            self.next = next
        }
    }

    /// Pages that a window should have, 1 to 100: as many as can be read without being interrupted, for an interrupted
    /// window is read again. Neighbouring windows read the day they share twice, so few and large ones save requests, but
    /// an interruption then wastes more.
    package private(set) var pages: Int

    /// Where to go on.
    package var chain: Chain?

    private static let mostPages = 100

    /// Without a memory of earlier runs, windows are large.
    package init(pages: Int = mostPages, chain: Chain? = nil) {
        self.pages = min(max(1, pages), Self.mostPages)
        self.chain = chain
    }

    /// A window with this many pages was read to its end.
    package mutating func noteWhole(pages read: Int) {
        if read >= pages / 2 { pages = min(Self.mostPages, pages * 2) }
    }

    /// A run ended after this many pages of its first window. The next one shall finish a window of half of them.
    package mutating func noteInterrupted(pages read: Int) {
        pages = min(pages, max(1, read / 2))
    }
}

extension BackfillHint {
    /// The hint's file.
    package func encoded() -> [UInt8] {
        var text = "{\"pages\": \(pages)"
        if let chain {
            text += ", \"generation\": \(chain.generation), \"from\": \"\(chain.from)\", \"next\": \"\(chain.next)\""
        }
        return Array((text + "}\n").utf8)
    }

    /// Reads the hint's file; `nil` if it cannot be made sense of.
    package init?(decoding bytes: [UInt8]) {
        var (pages, generation): (Int?, Int?)
        var (from, next): (String?, String?)
        do {
            var reader = JSONReader(bytes)
            try reader.readObject { (reader, key) throws(JSONTextError) in
                switch key {
                case "pages": pages = try reader.readInteger()
                case "generation": generation = try reader.readInteger()
                case "from": from = try reader.readString()
                case "next": next = try reader.readString()
                default: try reader.skipValue()
                }
            }
            try reader.finish()
        } catch {
            return nil
        }
        guard let pages else { return nil }
        self.init(pages: pages)
        guard let generation, let from = from.flatMap({ Timestamp(rfc3339: $0) }),
            let next = next.flatMap(CalendarDay.init(_:))
        else { return }
        chain = Chain(generation: generation, from: from, next: next)
    }
}
