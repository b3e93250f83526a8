import CivilTime
import JSONText

/// What a later sync needs to go on with a backfill without reading anything twice. Remembered between runs; forgetting it
/// costs requests, never events.
struct BackfillCursor: Sendable, Equatable {
    /// A chain of windows that a run left off in the middle.
    struct Chain: Sendable, Equatable {
        /// The digest of the manifest that holds the chain's events: a copy that was put back has another one.
        var manifest: String
        /// From when on its windows hold every event.
        var from: Timestamp
        /// `start_date` of the next window; the one before ended there.
        var next: CalendarDay
        /// Runs that went on with it and did not get to the end of a window.
        var attempts = 0
        /// The newest rows of the last window: where they are found in their places, the filter's days are what they were.
        var windowOverlap: WindowOverlap?

        /// Where a later run goes on: two days earlier, for the filter's days may be others than they were. At the next
        /// window itself where its rows can tell that they are not, or where two days more are too many for a run, again
        /// and again.
        var resumption: CalendarDay {
            guard windowOverlap == nil, attempts < Self.mostAttempts, CalendarDay.first.days(until: next) > 2 else {
                return next
            }
            return next.advanced(by: -2)
        }

        /// What to remember once a window was read: where two days more were too many, they will be again.
        var lastingAttempts: Int { attempts > Self.mostAttempts ? Self.mostAttempts : 0 }

        private static let mostAttempts = 2
    }

    /// Pages that a window should have, 1 to 100. Neighbouring windows read the day they share twice, so few and large ones
    /// save requests; but an interrupted window is read again, so none is more than a small part of what a run can read.
    private(set) var pages: Int

    /// Pages that a run read before it was interrupted, or that a later one has read since; `nil` if none ever was.
    private(set) var reach: Int?

    /// Rows that a page brings: fewer than were asked for where the API cuts `limit`, or pages share many. `nil` until a
    /// window has shown it.
    private(set) var rows: Int?

    /// Where to go on.
    var chain: Chain?

    /// How long the server's answers can be.
    var limits = ServerLimits()

    /// By how much more the API counts than it lists, as the last whole sync has found it.
    private(set) var excesses: [Int] = []

    private static let mostExcesses = 8

    private static let mostPages = 100

    /// The part of a run that one window may be.
    private static let share = 4

    /// Without a memory of earlier runs, windows are large.
    init(pages: Int = mostPages, chain: Chain? = nil) {
        self.pages = min(max(1, pages), Self.mostPages)
        self.chain = chain
    }

    /// What a whole sync met of counts that are too high.
    mutating func record(excesses met: Set<Int>) {
        excesses = Array(met.filter { (1..<1 << 53).contains($0) }.sorted().prefix(Self.mostExcesses))
    }

    /// Events that a window should hold at the most.
    func capacity(pageSize: Int) -> Int {
        // Rows that pages share anyway are no reason for more windows.
        guard let rows, rows < pageSize / 4 * 3 else { return pages * pageSize }
        return pages * rows
    }

    /// A window with so many pages and rows was read to its end, as a part of so many pages that the run has read.
    mutating func recordWhole(pages read: Int, rows listed: Int, ofRun total: Int) {
        if read > 1 { rows = max(1, listed / read) }
        reach = reach.map { max($0, total) }
        if read >= pages / 2 { pages *= 2 }
        limitPages()
    }

    /// A run was interrupted after so many pages.
    mutating func recordInterrupted(pages read: Int) {
        reach = max(1, read)
        limitPages()
    }

    private mutating func limitPages() {
        pages = max(1, min(pages, Self.mostPages, (reach ?? .max) / Self.share))
    }

    /// The API lists no more than this many pages of a window.
    mutating func recordCut(pages listed: Int) {
        pages = min(pages, max(1, listed * 3 / 4))
    }
}

extension BackfillCursor {
    /// The cursor's file.
    func encoded() -> [UInt8] {
        var text = "{\"pages\": \(pages)"
        if let reach { text += ", \"reach\": \(reach)" }
        if let rows { text += ", \"rows\": \(rows)" }
        if limits.page.rows > 0 { text += ", \"page\": \(limits.page.rows), \"is_cut\": \(limits.page.isCut)" }
        if let time = limits.page.endedAt { text += ", \"page_at\": \"\(time)\"" }
        if let time = limits.list.foundAt { text += ", \"list\": \(limits.list.whole), \"list_at\": \"\(time)\"" }
        if let cut = limits.list.cut { text += ", \"list_cut\": \(cut)" }
        if !excesses.isEmpty { text += ", \"excesses\": [\(excesses.map(String.init).joined(separator: ", "))]" }
        if let chain {
            text += ", \"manifest\": \"\(chain.manifest)\", \"from\": \"\(chain.from)\", \"next\": \"\(chain.next)\""
            text += ", \"attempts\": \(chain.attempts)"
            if let windowOverlap = chain.windowOverlap { text += ", \"joint\": \(windowOverlap.encoded)" }
        }
        return Array((text + "}\n").utf8)
    }

    /// Reads the file; `nil` if it cannot be made sense of.
    init?(decoding bytes: [UInt8]) {
        var (pages, attempts, reach, rows): (Int?, Int?, Int?, Int?)
        var (manifest, from, next): (String?, String?, String?)
        var excesses: Set<Int> = []
        var windowOverlap: WindowOverlap?
        var page: (rows: Int, isCut: Bool, endedAt: String?) = (0, false, nil)
        var list: (whole: Int, cut: Int?, foundAt: String?) = (0, nil, nil)
        do {
            var reader = JSONReader(bytes)
            try reader.readObject { (reader, key) throws(JSONTextError) in
                switch key {
                case "pages": pages = try reader.readInteger()
                case "reach": reach = try reader.readInteger()
                case "rows": rows = try reader.readInteger()
                case "page": page.rows = try reader.readInteger()
                case "page_at": page.endedAt = try reader.readString()
                case "is_cut": page.isCut = try reader.readBool()
                case "list": list.whole = try reader.readInteger()
                case "list_at": list.foundAt = try reader.readString()
                case "list_cut": list.cut = try reader.readInteger()
                case "manifest": manifest = try reader.readString()
                case "excesses":
                    excesses = []
                    try reader.readArray { (reader) throws(JSONTextError) in
                        excesses.insert(try reader.readInteger())
                    }
                case "joint": windowOverlap = try WindowOverlap(&reader)
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
        self.reach = reach.map { min(max(1, $0), 1 << 32) }
        self.rows = rows.map { min(max(1, $0), 1 << 32) }
        limits.page = PageLength(
            rows: page.rows, isCut: page.isCut, endedAt: page.endedAt.flatMap { Timestamp(rfc3339: $0) })
        limits.list = ListLength(
            whole: list.whole, cut: list.cut, foundAt: list.foundAt.flatMap { Timestamp(rfc3339: $0) })
        record(excesses: excesses)
        guard let manifest, ResumeStore.isDigest(manifest), let from = from.flatMap({ Timestamp(rfc3339: $0) }),
            let next = next.flatMap(CalendarDay.init(_:))
        else { return }
        chain = Chain(manifest: manifest, from: from, next: next, attempts: min(max(0, attempts ?? 0), 1_000))
        chain?.windowOverlap = windowOverlap
    }
}
