import AuditArchive
import CivilTime

/// How far a sync has read what it has to read, for the manifest and for the run that goes on.
struct BackfillProgress {
    /// Event times that are still to be read.
    private(set) var pending: RangeSet<Timestamp>

    /// What a later sync needs to go on, as far as this one has come.
    private(set) var cursor: BackfillCursor

    /// What the next window need not read again.
    var overlap: WindowOverlap?

    /// Windows that were read in full.
    private(set) var wholeWindows = 0

    /// As far as the chain of windows is in the archive.
    private var committedChain: BackfillCursor.Chain?
    /// From when on the windows of the chain hold every event; `nil` where the chain is broken or has not begun.
    private var chainStart: Timestamp?
    private let startTimestamp: Timestamp
    private let settings: SyncSettings
    private let beginTime: Timestamp
    /// When the run that left off stopped, if it left anything.
    private let leftAt: Timestamp?

    /// Nothing is read yet. A chain counts only for the very manifest that it was made with.
    init(
        _ plan: SyncPlan, _ settings: SyncSettings, _ manifest: Manifest?, _ cursor: BackfillCursor,
        beginTime: Timestamp
    ) {
        pending = plan.work
        startTimestamp = plan.startTimestamp
        self.settings = settings
        self.beginTime = beginTime
        // Up to its own end a sync leaves what it has not read.
        leftAt = manifest?.pending.ranges.last.map { min($0.upperBound, beginTime) }
        self.cursor = cursor
        if cursor.chain?.manifest != manifest?.digest { self.cursor.chain = nil }
        committedChain = self.cursor.chain
    }

    /// Events that a window should hold at the most.
    var capacity: Int { cursor.capacity(pageSize: settings.pageSize) }

    /// A span of days is read next. Returns the chain that an earlier run left off in it.
    mutating func begin(_ span: ClosedRange<CalendarDay>) -> BackfillCursor.Chain? {
        let chain = chain(in: span)
        if chain != nil {
            // Should this run end before a window does.
            cursor.chain?.attempts += 1
            committedChain?.attempts += 1
        }
        chainStart = chain?.from
        overlap = chain?.windowOverlap
        return chain
    }

    /// A window was read in full, with so many pages and rows, as a part of so many pages that the run has read.
    mutating func recordWhole(_ window: Window, pages: Int, rows: Int, ofRun total: Int) {
        let certain = window.certainTimes
        // Events before the start were read as well, and let go.
        let start = chainStart ?? max(certain.lowerBound, startTimestamp)
        chainStart = start
        pending.remove(contentsOf: Range(from: start, to: certain.upperBound))
        cursor.recordWhole(pages: pages, rows: rows, ofRun: total)
        wholeWindows += 1
    }

    /// The API lists no more than so many rows of a window.
    mutating func recordCut(rows: Int) { cursor.recordCut(pages: rows / settings.pageSize) }

    /// A window was not read in full, or may not meet the one before: the next one begins a new chain. Returns where the
    /// chain began.
    @discardableResult
    mutating func breakChain() -> Timestamp? {
        defer { chainStart = nil }
        return chainStart
    }

    /// The chain that began at `start` and was broken before `window` goes on after all: what lies between was read.
    mutating func joinChain(from start: Timestamp, through window: Window, provenNow: Timestamp?) {
        guard chainStart != nil else { return }
        chainStart = start
        pending.remove(contentsOf: Range(from: start, to: window.certainTimes.upperBound))
        endWindow(at: window.end, provenNow: provenNow)
    }

    /// A window was read up to this day. A chain is remembered only for times so long ago that every late event had surfaced
    /// when they were read; younger ones have to be read again in any case.
    ///
    /// - Parameter provenNow: a time that is not later than the API's now: where the system's clock is ahead, days that are
    ///   yet to come look as if they were long ago.
    mutating func endWindow(at end: CalendarDay?, provenNow: Timestamp?) {
        let before = cursor.chain
        cursor.chain = nil
        guard let chainStart, let end, let provenNow, let settled = settledDay(at: min(beginTime, provenNow)),
            end <= settled
        else { return }
        var chain = BackfillCursor.Chain(
            manifest: "", from: chainStart, next: end, attempts: before?.lastingAttempts ?? 0)
        chain.windowOverlap = overlap
        cursor.chain = chain
    }

    /// Everything was found to be read.
    mutating func recordAll() { pending = RangeSet() }

    /// What a whole sync met of counts that are too high.
    mutating func record(excesses: Set<Int>) { cursor.record(excesses: excesses) }

    /// The run was interrupted after so many pages.
    mutating func recordInterrupted(pages: Int) {
        if pages > 0 { cursor.recordInterrupted(pages: pages) }
    }

    /// All windows of the chain are in the archive, whose manifest has this digest. A commit that fails must not let the next
    /// run skip any.
    mutating func recordCommit(manifest: String) {
        committedChain = cursor.chain
        committedChain?.manifest = manifest
    }

    /// What the next sync needs to go on where this one stopped. `pageLength`: the longest page of the server.
    func lastingCursor(pageLength: PageLength) -> BackfillCursor {
        var cursor = cursor
        cursor.chain = committedChain
        cursor.pageLength = pageLength.lasting
        return cursor
    }

    /// The chain that an earlier run left off in this span, as far as it is settled by the look-back of today: that may be
    /// longer than it was when the chain was read.
    private func chain(in span: ClosedRange<CalendarDay>) -> BackfillCursor.Chain? {
        guard var chain = cursor.chain, chain.from <= max(span.lowerBound.start, startTimestamp),
            let settled = leftAt.flatMap(settledDay)
        else { return nil }
        if settled < chain.next {
            chain.next = settled
            chain.windowOverlap = nil
        }
        return span.contains(chain.next) && chain.from <= chain.next.start ? chain : nil
    }

    /// The newest day at whose start every late event of the days before had surfaced at this time, also where the filter's
    /// days are others.
    private func settledDay(at time: Timestamp) -> CalendarDay? {
        (time - .seconds(2 * 86_400) - .microseconds(1)).lookingBack(settings.lookback)?.day
    }
}
