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
    /// The end of all that the manifest speaks of.
    private let knownEnd: Timestamp

    /// Nothing is read yet. A chain counts only for the very manifest that it was made with.
    init(
        _ plan: SyncPlan, _ settings: SyncSettings, _ manifest: Manifest?, _ cursor: BackfillCursor,
        beginTime: Timestamp
    ) {
        pending = plan.work
        startTimestamp = plan.startTimestamp
        self.settings = settings
        self.beginTime = beginTime
        self.cursor = cursor
        let ends = [manifest?.pending.ranges.last?.upperBound, manifest?.startTimestamp, manifest?.syncedTo]
        knownEnd = ends.compactMap(\.self).max() ?? plan.startTimestamp
        if cursor.chain?.manifest != manifest?.digest { self.cursor.chain = nil }
        // Up to its own end a sync leaves what it has not read: that is when it stopped.
        let leftAt = manifest?.pending.ranges.last.map { min($0.upperBound, beginTime) }
        self.cursor.chain = self.cursor.chain.flatMap { settled($0, at: leftAt) }
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

    /// What is left for the next sync where this one stops now: all that is pending, and what was read too early, `from` some
    /// time on. Later than now, or than what was known before a clock that is behind, there is nothing that the next sync would
    /// not look at in any case.
    func left(at now: Timestamp, from early: Timestamp?) -> RangeSet<Timestamp> {
        var left = pending
        if let early { left.insert(contentsOf: Range(from: early, to: now)) }
        left.remove(contentsOf: Range(from: max(now, knownEnd), to: .endOfTime))
        return left
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

    /// What the next sync needs to go on where this one stopped. `limits`: how long the server's answers can be.
    func lastingCursor(_ limits: ServerLimits) -> BackfillCursor {
        var cursor = cursor
        cursor.chain = committedChain
        cursor.limits = limits.lasting
        return cursor
    }

    /// The chain that an earlier run left off in this span.
    private func chain(in span: ClosedRange<CalendarDay>) -> BackfillCursor.Chain? {
        guard let chain = cursor.chain, chain.from <= max(span.lowerBound.start, startTimestamp),
            span.contains(chain.next)
        else { return nil }
        return chain
    }

    /// A chain, as far as it had settled when the run stopped that left it off, by the look-back of today: that may be longer
    /// than it was when the chain was read.
    private func settled(_ chain: BackfillCursor.Chain, at time: Timestamp?) -> BackfillCursor.Chain? {
        guard let settled = time.flatMap(settledDay) else { return nil }
        guard settled < chain.next else { return chain }
        var chain = chain
        chain.next = settled
        chain.windowOverlap = nil
        return chain.from <= settled.start ? chain : nil
    }

    /// The newest day at whose start every late event of the days before had surfaced at this time, also where the filter's
    /// days are others.
    private func settledDay(at time: Timestamp) -> CalendarDay? {
        (time - .seconds(2 * 86_400) - .microseconds(1)).lookingBack(settings.lookback)?.day
    }
}
