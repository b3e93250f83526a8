package import CivilTime
import JSONText

/// What a later sync needs to go on with a backfill without reading anything twice. Remembered between runs; forgetting it
/// costs requests, never events.
package struct BackfillHint: Sendable, Equatable {
    /// A chain of windows that a run left off in the middle.
    package struct Chain: Sendable, Equatable {
        /// The digest of the manifest that holds the chain's events: a copy that was put back has another one.
        package var manifest: String
        /// From when on its windows hold every event.
        package var from: Timestamp
        /// `start_date` of the next window; the one before ended there.
        package var next: CalendarDay
        /// Runs that went on with it and did not get to the end of a window.
        package var attempts: Int

        /// Describes a chain.
        package init(manifest: String, from: Timestamp, next: CalendarDay, attempts: Int = 0) {
            self.manifest = manifest
            self.from = from
            self.next = next
            self.attempts = attempts
        }

        /// Where a later run goes on: two days earlier, for the filter's days may be others than they were. Where that is
        /// more than a run can read, again and again, at the next window itself.
        package var resumption: CalendarDay {
            guard attempts < Self.mostAttempts, CalendarDay.first.days(until: next) > 2 else { return next }
            return next.advanced(by: -2)
        }

        /// What to remember once a window was read: where two days more were too many, they will be again.
        package var lastingAttempts: Int { attempts > Self.mostAttempts ? Self.mostAttempts : 0 }

        private static let mostAttempts = 2
    }

    /// Pages that a window should have, 1 to 100: as many as can be read without being interrupted, for an interrupted
    /// window is read again. Neighbouring windows read the day they share twice, so few and large ones save requests, but
    /// an interruption then wastes more.
    package private(set) var pages: Int

    /// Where to go on.
    package var chain: Chain?

    /// By how much more the API counts than it lists, as the last whole sync has found it.
    package private(set) var excesses: [Int] = []

    private static let mostExcesses = 8

    private static let mostPages = 100

    /// Without a memory of earlier runs, windows are large.
    package init(pages: Int = mostPages, chain: Chain? = nil) {
        self.pages = min(max(1, pages), Self.mostPages)
        self.chain = chain
    }

    /// What a whole sync met of counts that are too high.
    package mutating func note(excesses met: Set<Int>) {
        excesses = Array(met.filter { (1..<1 << 53).contains($0) }.sorted().prefix(Self.mostExcesses))
    }

    /// A window with this many pages was read to its end.
    package mutating func noteWhole(pages read: Int) {
        if read >= pages / 2 { pages = min(Self.mostPages, pages * 2) }
    }

    /// A run ended after this many pages of its first window. The next one is to finish a window of half of them.
    package mutating func noteInterrupted(pages read: Int) {
        pages = min(pages, max(1, read / 2))
    }

    /// The API lists no more than this many pages of a window.
    package mutating func noteCut(pages listed: Int) {
        pages = min(pages, max(1, listed * 3 / 4))
    }
}

extension BackfillHint {
    /// The hint's file.
    package func encoded() -> [UInt8] {
        var text = "{\"pages\": \(pages)"
        if !excesses.isEmpty { text += ", \"excesses\": [\(excesses.map(String.init).joined(separator: ", "))]" }
        if let chain {
            text += ", \"manifest\": \"\(chain.manifest)\", \"from\": \"\(chain.from)\", \"next\": \"\(chain.next)\""
            text += ", \"attempts\": \(chain.attempts)"
        }
        return Array((text + "}\n").utf8)
    }

    /// Reads the hint's file; `nil` if it cannot be made sense of.
    package init?(decoding bytes: [UInt8]) {
        var (pages, attempts): (Int?, Int?)
        var (manifest, from, next): (String?, String?, String?)
        var excesses: Set<Int> = []
        do {
            var reader = JSONReader(bytes)
            try reader.readObject { (reader, key) throws(JSONTextError) in
                switch key {
                case "pages": pages = try reader.readInteger()
                case "manifest": manifest = try reader.readString()
                case "excesses":
                    excesses = []
                    try reader.readArray { (reader) throws(JSONTextError) in
                        excesses.insert(try reader.readInteger())
                    }
                case "attempts": attempts = try reader.readInteger()
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
        note(excesses: excesses)
        guard let manifest, HintStore.isDigest(manifest), let from = from.flatMap({ Timestamp(rfc3339: $0) }),
            let next = next.flatMap(CalendarDay.init(_:))
        else { return }
        chain = Chain(manifest: manifest, from: from, next: next, attempts: min(max(0, attempts ?? 0), 1_000))
    }
}
