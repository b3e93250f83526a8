import AuditArchive
import AuditRecords
import CaptivateIQAPI
import CivilTime
import Logging

/// Reads windows until their events add up, with as many requests in flight as are allowed. Only the reader knows the
/// requests in flight, the attempts at a window, and how far the system's clock is from the API's. One task uses it.
final class WindowReader {
    /// What is done with the pages.
    struct Delegate {
        /// Takes a page. `new`: the rows that the pass reads for the first time; `nil` for those that arrived since.
        let take: (_ page: ParsedPage, _ new: Range<Int>?) async throws(SyncFailure) -> Void
        /// Commits what was taken.
        let commit: () async throws(SyncFailure) -> Void
    }

    /// How the reading of a window ended.
    enum Outcome {
        /// Every event is taken. Without a recorder the list had changed while it was read.
        case whole(OffsetPaginator, TailRecorder?)
        /// Its pages did not add up.
        case incomplete
        /// The API lists no more than so many rows of it, and has more.
        case cut(rows: Int)

        /// The times of the oldest and the newest event, where the list did not change while it was read.
        var times: ClosedRange<Timestamp>? {
            if case .whole(_, let recorder) = self { recorder?.times } else { nil }
        }

        /// Whether all was read without finding the rows where the window before had them.
        var refutesOverlap: Bool {
            if case .whole(let paginator, _) = self { !paginator.hasConfirmedOverlap } else { false }
        }
    }

    /// One pass over the pages of a window.
    struct Pass {
        /// The window.
        let window: Window
        /// The rows that need not be read again, if the window before had them.
        let overlap: WindowOverlap?
        /// What to ask for.
        var paginator: OffsetPaginator
        /// What the next window or the next sync can be spared.
        var recorder: TailRecorder
        /// The first and the last UTC day of which it has shown an event.
        var days: ClosedRange<CalendarDay>?
        /// The answer to the first request, where that was sent alone.
        var first: (page: Page, askedLimit: Int)?

        /// What the API counts, by the answer to the first request.
        var total: Int { first?.page.totalCount ?? 0 }

        /// Rows that the window may have in all, if the answer to the first request says that it is the last: totals are not
        /// exact.
        var likelyRows: Int {
            guard let page = first?.page, page.next != .present else { return 0 }
            return page.records.count + page.records.count / 4
        }

        /// How complete the pass was. `distinct`: the different rows that it saw. Rows may be left out only of a list that turned
        /// out to be sorted as the one before.
        func completion(distinct: SeenRows) -> WindowCompletion {
            if paginator.skippedRows > 0 && recorder.order != overlap?.order { return .moved }
            return WindowCompletion(paginator, distinct: distinct)
        }
    }

    /// What a task of a pass brings.
    private enum Arrival: Sendable {
        case page(ParsedPage, askedLimit: Int)
        case failure(APIError)
        /// The time of the next commit has come, whatever the network does.
        case commitTime
    }

    private typealias Arrivals = ArrivalOrder<(page: ParsedPage, new: Range<Int>)>

    private let settings: SyncSettings
    private let context: SyncContext
    private let ingest: Ingest

    /// How far the system's clock is from the API's.
    private(set) var skew = ClockSkew()

    /// What the windows have shown so far.
    private(set) var experience: WindowExperience

    /// A reader that has read nothing yet. `ingest` counts the rows that passes see.
    init(_ settings: SyncSettings, _ context: SyncContext, _ ingest: Ingest, _ experience: WindowExperience) {
        self.settings = settings
        self.context = context
        self.ingest = ingest
        self.experience = experience
    }

    /// One page.
    func page(_ request: PageRequest) async throws(SyncFailure) -> Page {
        do {
            let page = try await context.client.page(request)
            skew.record(serverDate: page.serverDate, now: context.clock.now())
            return page
        } catch {
            throw SyncFailure(error)
        }
    }

    /// Asks for the first page of a window, to find out how much it holds. The pass can be read, or dropped.
    func open(_ window: Window, overlap: WindowOverlap?) async throws(SyncFailure) -> Pass {
        var pass = makePass(window, pageSize: settings.pageSize, overlap: overlap)
        guard let request = pass.paginator.nextRequest() else { return pass }
        let page = try await page(request)
        if page.records.count == request.limit { experience.limits.page.record(request.limit) }
        experience.limits.list.record(total: page.totalCount)
        pass.first = (page, request.limit)
        return pass
    }

    /// Reads a window until its events add up.
    func read(_ window: Window, _ delegate: Delegate) async throws(SyncFailure) -> Outcome {
        try await read(makePass(window, pageSize: settings.pageSize), delegate)
    }

    /// Reads the window of a pass until its events add up; `pass` is the first attempt.
    func read(_ pass: Pass, _ delegate: Delegate) async throws(SyncFailure) -> Outcome {
        ingest.beginWindow()
        var (pass, policy) = (pass, WindowRetryPolicy(pageSize: settings.pageSize))
        while true {
            try await run(&pass, delegate)
            let paginator = pass.paginator
            if paginator.hasRefutedOverlap { experience.refutedOverlaps += 1 }
            switch pass.completion(distinct: ingest.seenInPass) {
            case .whole:
                let isOverstated = ingest.seenInWindow.most < paginator.totals?.newest ?? 0
                if isOverstated, paginator.doubledRows > 0 { warnOfMiscount(pass) }
                return try await conclude(pass, pass.recorder, delegate)
            case .short: return try await settle(pass, delegate)
            case .grew:
                if try await readEdges(of: pass, delegate) { return try await conclude(pass, nil, delegate) }
            case .unproven, .moved: break
            }
            if isHopeless(paginator) { experience.hopeless += 1 }
            switch policy.decide(after: paginator, distinct: ingest.seenInPass, seen: ingest.seenInWindow) {
            case .again:
                context.logger.notice("the pages are read once more", metadata: ["window": "\(pass.window.start)"])
                pass = makePass(pass.window, pageSize: policy.pageSize)
            case .settled: return try await conclude(pass, pass.recorder, delegate)
            case .stable where paginator.isShort: return try await settle(pass, delegate)
            case .stable:
                warnOfMiscount(pass)
                return .whole(paginator, pass.recorder)
            case .givenUp: return .incomplete
            }
        }
    }

    /// The next window begins: pages are counted anew.
    func finishWindow() { experience.pages = 0 }
}

// MARK: Judging

extension WindowReader {
    private func isHopeless(_ paginator: OffsetPaginator) -> Bool {
        guard paginator.gaveUp, let total = paginator.totals?.newest else { return false }
        return ingest.seenInWindow.most < total / 2
    }

    /// After events arrived during a pass, reads the ends of the list again, where they are to be found. Returns whether
    /// that completed the window.
    private func readEdges(of pass: Pass, _ delegate: Delegate) async throws(SyncFailure) -> Bool {
        let paginator = pass.paginator
        guard var total = paginator.totals?.newest else { return false }
        let end = max(0, total - paginator.step)
        for offset in pass.recorder.order == .descending ? [0, end] : [end, 0] {
            let request = PageRequest(query: pass.window.query, offset: offset, limit: settings.pageSize)
            let page = try await page(request)
            try await delegate.take(ParsedPage(page), nil)
            guard page.totalCount >= total else { return false }
            total = page.totalCount
            // A page that reaches the end and promises more contradicts its total.
            if page.next == .present, offset + page.records.count >= total { continue }
            let seen = ingest.seenInPass + paginator.skippedRows
            if paginator.overlapsAreClean, seen.areAll(of: total, areClean: false) { return true }
        }
        return false
    }

    /// Ends the reading of a window whose list seems to be whole. One that the API cuts is read in parts.
    private func conclude(
        _ pass: Pass, _ recorder: TailRecorder?, _ delegate: Delegate
    ) async throws(SyncFailure) -> Outcome {
        if try await isContradicted(pass), let doubt = try await divide(pass, delegate) {
            experience.limits.list.recordCut(pass.paginator.rowCount)
            return doubt
        }
        return .whole(pass.paginator, recorder)
    }

    /// Whether the API counts more in parts of a window than it lists, and counts, in all of it.
    private func isContradicted(_ pass: Pass) async throws(SyncFailure) -> Bool {
        let rows = pass.paginator.rowCount
        guard pass.paginator.totals?.newest == rows, !pass.paginator.countsAreLow else { return false }
        if rows == experience.limits.list.cut { return true }
        let days = pass.days ?? pass.window.start...pass.window.start
        let divisions = pass.window.divisions(around: days, today: context.clock.now().day)
        return try await countsMore(in: pass.window, dividedAt: divisions, than: rows)
    }

    /// Whether the API counts more in two parts of a window, divided at one of these days, than the `rows` that it counted in all
    /// of it. Only long lists are worth the requests.
    func countsMore(
        in window: Window, dividedAt days: [CalendarDay], than rows: Int
    ) async throws(SyncFailure) -> Bool {
        guard !days.isEmpty, experience.limits.list.mayBeCut(rows, shortest: settings.shortestCut) else { return false }
        for day in days {
            let first = try await count(Window(start: window.start, end: day))
            let second = try await count(Window(start: day, end: window.end))
            var sum = first + second
            // Where the filter's end counts, both have the day.
            if sum > rows { sum -= try await count(Window(start: day, end: day)) }
            // Events may have arrived since.
            if sum > rows, try await count(window) < sum { return true }
            // Neither is as long as what all lists may be cut to, so that the sum is exact.
            if max(first, second) < rows {
                experience.limits.list.recordWhole(rows)
                return false
            }
        }
        return false
    }

    private func count(_ window: Window) async throws(SyncFailure) -> Int {
        try await page(PageRequest(query: window.query, offset: 0, limit: 1)).totalCount
    }

    /// Finds out why a list ended before its total: a cut shows more in the list of some of the days, a wrong count does not.
    private func settle(_ pass: Pass, _ delegate: Delegate) async throws(SyncFailure) -> Outcome {
        let rows = pass.paginator.rowCount
        let excess = (pass.paginator.totals?.newest ?? 0) - rows
        let isOfDay = pass.window.isOfDay(today: context.clock.now().day)
        if excess <= 0 || !experience.settledExcesses(isOfDay: isOfDay).contains(excess) {
            if let doubt = try await divide(pass, delegate) { return doubt }
        }
        if excess > 0 {
            experience.recordExcess(excess, isOfDay: isOfDay)
            warnOfMiscount(pass)
        }
        return .whole(pass.paginator, pass.recorder)
    }

    /// Reads the parts of a window until they have shown that there is nothing else (`nil`), or that there is.
    private func divide(_ whole: Pass, _ delegate: Delegate) async throws(SyncFailure) -> Outcome? {
        let (window, rows) = (whole.window, whole.paginator.rowCount)
        // Of rows that were not read again the days are not known.
        let days = whole.paginator.skippedRows == 0 ? whole.days : nil
        var division = CountDivision(window, today: context.clock.now().day, days: days)
        while let part = division.next {
            let seen = ingest.seenInWindow
            var pass = makePass(part, pageSize: settings.pageSize)
            try await run(&pass, delegate)
            let paginator = pass.paginator
            guard !paginator.gaveUp, paginator.pagesOverlap else { return .incomplete }
            if ingest.seenInWindow != seen {
                return part == window ? .incomplete : .cut(rows: rows)
            }
            division.record(
                rows: paginator.rowCount, isShort: paginator.isShort, isAll: ingest.seenInPass == ingest.seenInWindow,
                of: rows)
        }
        return division.isUndecided ? .incomplete : nil
    }

    private func warnOfMiscount(_ pass: Pass) {
        let days = "\(pass.window.start) to \(pass.window.end?.description ?? "now")"
        experience.warnings.append(
            "the API counts \(pass.paginator.totals?.newest ?? 0) events for \(days) and lists "
                + "\(ingest.seenInWindow.most), the same in every reading; what it lists is archived")
    }
}

// MARK: Fetching

extension WindowReader {
    private func makePass(_ window: Window, pageSize: Int, overlap: WindowOverlap? = nil) -> Pass {
        let paginator = OffsetPaginator(
            window.query, pageSize: pageSize, windowOverlap: overlap,
            excesses: experience.settledExcesses(isOfDay: window.isOfDay(today: context.clock.now().day)),
            pageLength: experience.limits.page)
        return Pass(window: window, overlap: overlap, paginator: paginator, recorder: TailRecorder(window))
    }

    /// Runs a pass to its end, and takes its events.
    private func run(_ pass: inout Pass, _ delegate: Delegate) async throws(SyncFailure) {
        ingest.beginPass(shared: pass.window.end?.start ?? .endOfTime)
        if let first = pass.first {
            let page = ParsedPage(first.page)
            let new = pass.paginator.receive(OffsetPaginator.Answer(page), askedLimit: first.askedLimit)
            try await take(page, new, &pass, delegate)
        }
        let failure = await withTaskGroup(of: Arrival.self) { group -> SyncFailure? in
            let failure = await self.drive(&pass, &group, delegate)
            group.cancelAll()
            return failure
        }
        if let failure { throw failure }
        experience.limits.page = pass.paginator.pageLength ?? experience.limits.page
    }

    private func drive(
        _ pass: inout Pass, _ group: inout TaskGroup<Arrival>, _ delegate: Delegate
    ) async -> SyncFailure? {
        var arrivals = Arrivals()
        let failure = await drive(&pass, &group, &arrivals, delegate)
        // What overtook the answer that failed is good.
        if let failure, !failure.leavesProgress { return failure }
        do throws(SyncFailure) {
            for arrival in arrivals.drain() { try await take(arrival.page, arrival.new, &pass, delegate) }
            return failure
        } catch {
            return failure ?? error
        }
    }

    private func drive(
        _ pass: inout Pass, _ group: inout TaskGroup<Arrival>, _ arrivals: inout Arrivals, _ delegate: Delegate
    ) async -> SyncFailure? {
        var inFlight = 0
        addCommitTimer(to: &group)
        do throws(SyncFailure) {
            while true {
                while inFlight < settings.concurrency, arrivals.heldCount < settings.concurrency,
                    let request = pass.paginator.nextRequest()
                {
                    inFlight += 1
                    arrivals.ask(request.offset)
                    add(request, to: &group)
                }
                guard inFlight > 0, let arrival = await group.next() else { return nil }
                switch arrival {
                case .page(let page, let askedLimit):
                    inFlight -= 1
                    skew.record(serverDate: page.page.serverDate, now: context.clock.now())
                    let new = pass.paginator.receive(OffsetPaginator.Answer(page), askedLimit: askedLimit)
                    for next in arrivals.receive((page, new), at: page.page.request.offset) {
                        try await take(next.page, next.new, &pass, delegate)
                    }
                case .failure(let error): throw SyncFailure(error)
                case .commitTime:
                    // The timer of a cancelled task fires at once, again and again.
                    guard !Task.isCancelled else { throw SyncFailure(.cancelled) }
                    if ingest.isCommitDue { try await delegate.commit() }
                    addCommitTimer(to: &group)
                }
            }
        } catch {
            return error
        }
    }

    /// Hands on a page in the order of the list. `new`: the rows that the pass reads for the first time.
    private func take(
        _ page: ParsedPage, _ new: Range<Int>, _ pass: inout Pass, _ delegate: Delegate
    ) async throws(SyncFailure) {
        if !new.isEmpty { pass.recorder.add(page) }
        if let first = page.dates.min(), let last = page.dates.max() {
            pass.days = min(first, pass.days?.lowerBound ?? first)...max(last, pass.days?.upperBound ?? last)
        }
        experience.pages += 1
        experience.pagesOfRun += 1
        try await delegate.take(page, new)
        pass.paginator.record(distinct: ingest.seenInPass)
    }

    private func add(_ request: PageRequest, to group: inout TaskGroup<Arrival>) {
        group.addTask { [client = context.client] in
            do throws(APIError) {
                return .page(ParsedPage(try await client.page(request)), askedLimit: request.limit)
            } catch {
                return .failure(error)
            }
        }
    }

    private func addCommitTimer(to group: inout TaskGroup<Arrival>) {
        let wait = ingest.timeToCommit
        group.addTask { [clock = context.clock] in
            // Cancelled at the end of the pass; then nobody waits for it any more.
            try? await clock.sleep(for: max(wait, .milliseconds(10)))
            return .commitTime
        }
    }
}
