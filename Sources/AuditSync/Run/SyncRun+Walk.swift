import AuditArchive
import CaptivateIQAPI
import JSONText
import Logging

extension SyncRun {
    /// Walks that were given up although most of the rows were still to come, before the sync is.
    private static var mostHopeless: Int { 6 }

    /// One may be a late arrival; after two, the filter's days are not what they are taken for.
    private static var mostRefutedJoints: Int { 2 }

    /// Walks a span of days as a chain of windows, oldest first, committing as it goes.
    func walk(_ span: DaySpan) async throws(SyncFailure) {
        let today = context.clock.now().day
        let chain = chain(into: span)
        var planner = WindowPlanner(
            span, today: today, capacity: backfill.pages * settings.pageSize, resumingAt: chain?.next)
        days.total += planner.daysAhead
        var chainStart = chain?.from
        joint = nil
        while true {
            let reading = try await acceptedWindow(&planner)
            let window = planner.window
            let total = reading.page.totalCount
            let ahead = planner.daysAhead
            if try await read(window, first: reading) {
                let certain = window.certainTimes
                // Events before the start were read as well, and let go.
                chainStart = chainStart ?? max(certain.from, plan.startTimestamp)
                pending.remove(TimeRange(from: chainStart ?? certain.from, to: certain.to))
                backfill.noteWhole(pages: pagesOfWindow)
                wholeWindows += 1
            } else {
                incomplete.append(window)
                chainStart = nil
                // A server whose answers contradict each other would be asked in vain, day by day.
                if hopeless >= Self.mostHopeless { throw incompleteness }
            }
            pagesOfWindow = 0
            noteChain(from: chainStart, to: window.end)
            try await boundMemory()
            if commits.isWorthwhile(at: context.clock.uptime(), events: intake.events) { try await commit() }
            let next = planner.advance(total: total, capacity: backfill.pages * settings.pageSize)
            days.done += next == nil ? ahead : max(0, ahead - planner.daysAhead)
            guard next != nil else { return }
        }
    }

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
        backfill.chain = nil
        guard let start, let end, isLongAgo(end) else { return }
        backfill.chain = BackfillHint.Chain(generation: 0, from: start, next: end)
    }

    /// Whether every late event of the days before had surfaced when this run began.
    private func isLongAgo(_ day: CalendarDay) -> Bool {
        settings.lookback < beginTime - day.start - .seconds(2 * 86_400)
    }

    /// Keeps what the next sync needs to go on where this one stopped.
    func rememberBackfill() {
        backfill.chain = committedChain
        context.hints.save(backfill)
    }

    /// The first page of the next window that is not too wide.
    private func acceptedWindow(_ planner: inout WindowPlanner) async throws(SyncFailure) -> PageReading {
        while true {
            let window = planner.window
            var walk = WindowWalk(window.query, pageSize: settings.pageSize, joint: joint)
            guard let request = walk.nextRequest() else { preconditionFailure("a walk begins with a request") }
            let page = try await page(request)
            if window.end == nil { expected = max(expected ?? 0, intake.events + min(page.totalCount, 1 << 60)) }
            if planner.accepts(total: page.totalCount) { return PageReading(page) }
        }
    }

    /// Reads a window until its events add up. Says whether they did.
    private func read(_ window: Window, first: PageReading) async throws(SyncFailure) -> Bool {
        try await load(
            archivedDates.filter { window.start.advanced(by: -1) <= $0 && $0 <= window.end?.advanced(by: 1) ?? .last })
        intake.beginWindow()
        var (repetition, known) = (WalkRepetition(pageSize: settings.pageSize), joint)
        var (first, decision): (PageReading?, WalkRepetition.Decision) = (first, .again)
        joint = nil
        while decision == .again {
            intake.beginWalk(shared: window.end?.start ?? .endOfTime)
            var walk = WindowWalk(window.query, pageSize: repetition.pageSize, joint: known)
            var recorder = TailRecorder()
            try await run(&walk, first: first) { (reading, new) async throws(SyncFailure) in
                if !new.isEmpty { recorder.add(reading) }
                pagesOfWindow += 1
                try await takeAndCommit(reading, new: new)
            }
            if walk.hasRefutedJoint { refutedJoints += 1 }
            switch verdict(walk, recorder, known) {
            case .whole:
                note(recorder, of: window, total: walk.totals?.newest ?? 0)
                return true
            case .grew:
                if try await readEdges(of: walk, window, recorder.order) { return true }
            case .moved: break
            }
            (first, known) = (nil, nil)
            if walk.gaveUp, let total = walk.totals?.newest, intake.seenInWindow.most < total / 2 { hopeless += 1 }
            decision = repetition.decide(after: walk, seen: intake.seenInWindow)
            context.logger.notice("the pages moved while they were read", metadata: ["window": "\(window.start)"])
        }
        return decision == .settled
    }

    /// Judges a walk. Rows may be left out only of a list that turned out to be sorted as the one before.
    private func verdict(_ walk: WindowWalk, _ recorder: TailRecorder, _ joint: WindowJoint?) -> WalkVerdict {
        if walk.skippedRows > 0 && recorder.order != joint?.order { return .moved }
        return WalkVerdict(walk, distinct: intake.seenInWalk)
    }

    /// Remembers what a walk that was whole can spare others.
    private func note(_ recorder: TailRecorder, of window: Window, total: Int) {
        if window.end == nil {
            tail = recorder.hint(start: window.start, total: total, walkedAt: context.clock.now())
        } else if refutedJoints < Self.mostRefutedJoints, intake.sharedInWalk > settings.pageSize {
            joint = recorder.joint(total: total, count: intake.sharedInWalk)
        }
    }

    /// After events arrived during a walk, reads the ends of the list again, where they are to be found.
    private func readEdges(of walk: WindowWalk, _ window: Window, _ order: RowOrder?) async throws(SyncFailure) -> Bool
    {
        guard var total = walk.totals?.newest else { return false }
        let end = max(0, total - walk.step)
        for offset in order == .descending ? [0, end] : [end, 0] {
            let page = try await page(PageRequest(query: window.query, offset: offset, limit: settings.pageSize))
            try await takeAndCommit(PageReading(page), new: nil)
            guard page.totalCount >= total else { return false }
            total = page.totalCount
            if (intake.seenInWalk + walk.skippedRows).areAll(of: total, areClean: false) { return true }
        }
        return false
    }
}
