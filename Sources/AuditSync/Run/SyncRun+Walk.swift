import AuditArchive
import CaptivateIQAPI
import CivilTime
import Logging

extension SyncRun {
    /// Walks that were given up although most of the rows were still to come, before the sync is.
    private static var mostHopeless: Int { 6 }

    /// One may be a late arrival; after two, the filter's days are not what they are taken for.
    private static var mostRefutedJoints: Int { 2 }

    /// Walks a span of days as a chain of windows, oldest first, committing as it goes.
    func walk(_ span: DaySpan) async throws(SyncFailure) {
        let today = context.clock.now().day
        var chain = chain(into: span)
        var planner = WindowPlanner(span, today: today, capacity: capacity, resuming: chain)
        days.total += planner.daysAhead
        var chainStart = chain?.from
        if chain != nil {
            // Should this run end before a window does.
            backfill.chain?.attempts += 1
            committedChain?.attempts += 1
        }
        joint = chain?.joint
        while true {
            let reading = try await acceptedWindow(&planner)
            let window = planner.window
            let total = reading.page.totalCount
            let ahead = planner.daysAhead
            try await load(
                archivedDates.filter {
                    window.start.advanced(by: -1) <= $0 && $0 <= window.end?.advanced(by: 1) ?? .last
                })
            let known = joint
            joint = nil
            let outcome = try await read(window, first: reading, joint: known)
            if chain?.joint != nil {
                chain?.joint = nil
                if outcome.refutesJoint {
                    // The filter's days may be others than they were.
                    planner = WindowPlanner(span, today: today, capacity: capacity, resuming: chain)
                    continue
                }
            }
            switch outcome {
            case .whole where intake.hasUnsettledInWindow:
                // A record in it has no time yet: the next run asks again.
                chainStart = nil
            case .whole(let walk, let recorder):
                note(recorder, of: window, walk)
                let certain = window.certainTimes
                // Events before the start were read as well, and let go.
                chainStart = chainStart ?? max(certain.from, plan.startTimestamp)
                pending.remove(TimeRange(from: chainStart ?? certain.from, to: certain.to))
                backfill.noteWhole(
                    pages: windows.pages, rows: walk.rowCount - walk.skippedRows, ofRun: windows.pagesOfRun)
                wholeWindows += 1
            case .cut(let rows):
                backfill.noteCut(pages: rows / settings.pageSize)
                // What was received is kept; the same days are read again in parts.
                if planner.narrow(capacity: capacity) { continue }
                fallthrough
            case .incomplete:
                incomplete.append(window)
                chainStart = nil
                // A server whose answers contradict each other would be asked in vain, day by day.
                if windows.hopeless >= Self.mostHopeless { throw incompleteness }
            }
            windows.pages = 0
            noteChain(from: chainStart, to: window.end)
            try await boundMemory()
            if commits.isWorthwhile(at: context.clock.uptime(), events: intake.events) { try await commit() }
            let next = planner.advance(total: total, capacity: capacity)
            days.done += next == nil ? ahead : max(0, ahead - planner.daysAhead)
            guard next != nil else { return }
        }
    }

    private var capacity: Int { backfill.capacity(pageSize: settings.pageSize) }

    /// The chain that an earlier run left off in this span.
    private func chain(into span: DaySpan) -> BackfillHint.Chain? {
        guard let chain = backfill.chain, chain.from <= max(span.first.start, plan.startTimestamp),
            span.first <= chain.next, span.last.map({ chain.next <= $0 }) ?? true, isLongAgo(chain.next)
        else { return nil }
        return chain
    }

    /// Remembers how far a chain of windows came. Only for times so long ago that every late event had surfaced when they
    /// were read; younger ones have to be read again in any case.
    private func noteChain(from start: Timestamp?, to end: CalendarDay?) {
        let before = backfill.chain
        backfill.chain = nil
        guard let start, let end, isLongAgo(end) else { return }
        var chain = BackfillHint.Chain(
            manifest: "", from: start, next: end, attempts: before?.lastingAttempts ?? 0)
        chain.joint = joint
        backfill.chain = chain
    }

    /// Whether every late event of the days before had surfaced when this run began.
    private func isLongAgo(_ day: CalendarDay) -> Bool {
        settings.lookback < beginTime - day.start - .seconds(2 * 86_400)
    }

    /// Keeps what the next sync needs to go on where this one stopped.
    func rememberBackfill() {
        backfill.chain = committedChain
        backfill.pageLength = windows.pageLength.lasting
        context.hints.save(backfill)
    }

    /// The first page of the next window that is not too wide.
    private func acceptedWindow(_ planner: inout WindowPlanner) async throws(SyncFailure) -> PageReading {
        while true {
            let window = planner.window
            var walk = WindowWalk(window.query, pageSize: settings.pageSize, joint: joint)
            guard let request = walk.nextRequest() else { preconditionFailure("a walk begins with a request") }
            let page = try await page(request)
            if page.records.count == request.limit { windows.pageLength.note(request.limit) }
            if window.end == nil { expected = max(expected ?? 0, intake.events + min(page.totalCount, 1 << 60)) }
            if planner.accepts(total: page.totalCount) { return PageReading(page) }
        }
    }

    /// Remembers what a walk that was whole can spare others. `nil`: the list had changed while it was read.
    private func note(_ recorder: TailRecorder?, of window: Window, _ walk: WindowWalk) {
        guard let recorder else { return }
        let rows = walk.rowCount
        if window.end == nil {
            tail = recorder.hint(of: walk, start: window.start, walkedAt: beginTime, seenTo: intake.newestTime)
        } else if windows.refutedJoints < Self.mostRefutedJoints, intake.sharedInWalk > settings.pageSize,
            rows == walk.totals?.newest, rows == intake.seenInWalk.fewest + walk.skippedRows
        {
            joint = recorder.joint(total: rows, count: intake.sharedInWalk)
        }
    }

    func beginWindow() { intake.beginWindow() }

    func beginWalk(shared: Timestamp) { intake.beginWalk(shared: shared) }

    var seenInWalk: SeenRows { intake.seenInWalk }

    var seenInWindow: SeenRows { intake.seenInWindow }
}
