package import AuditArchive
package import CaptivateIQAPI
package import CivilTime
package import Logging

/// One sync: finds out what is new, archives it, and reports what it did.
///
/// To stop it, cancel the task that runs it: it ends the requests in flight, commits what was received, and returns with the
/// failure `cancelled`.
package struct Sync: Sendable {
    private let settings: SyncSettings
    private let context: SyncContext

    /// A sync that has done nothing yet. The archive stays open afterwards; closing it is the caller's. `begun` is called
    /// when an archive has begun, which is before anything is archived.
    package init(
        settings: SyncSettings, client: APIClient, archive: ArchiveSession, layout: ArchiveLayout,
        fileSystem: any FileSystem, clock: any TimeSource, logger: Logger,
        progress: @escaping @Sendable (SyncProgress) -> Void, begun: @escaping @Sendable (NewArchive) -> Void = { _ in }
    ) {
        self.settings = settings
        context = SyncContext(
            client: client, archive: archive, layout: layout, fileSystem: fileSystem, clock: clock, logger: logger,
            progress: progress, begun: begun)
    }

    /// Runs the sync to its end or its failure.
    package func run() async -> (report: SyncReport, failure: SyncFailure?) {
        do {
            return await (try SyncRun(settings, context)).run()
        } catch {
            var report = SyncReport()
            report.outcome = .failed
            return (report, error)
        }
    }
}

/// The course of one sync.
private final class SyncRun {
    /// Passes that were given up although most of the rows were still to come, before the sync is.
    private static let mostHopeless = 6
    /// One may be a late arrival; after two, the filter's days are not what they are taken for.
    private static let mostRefutedOverlaps = 2

    private let settings: SyncSettings
    private let context: SyncContext
    private let begin: Duration
    private let beginTime: Timestamp
    /// What was in the archive at the start.
    private let before: Manifest?
    private let plan: SyncPlan
    private let ingest: Ingest
    private let reader: WindowReader
    /// What is still to be read, and where a later run goes on.
    private var backfill: BackfillProgress
    private let tail: TailCheck
    private var progress: SyncProgressLog
    private var report = SyncReport()
    private var incomplete: IncompleteWindows
    private var organization: OrganizationCheck
    private var archivedDates: Set<CalendarDay>
    /// What comparing the days that close found.
    private var checks: [CheckedRun] = []

    init(_ settings: SyncSettings, _ context: SyncContext) async throws(SyncFailure) {
        self.settings = settings
        self.context = context
        begin = context.clock.uptime()
        beginTime = context.clock.now()
        before = await context.archive.manifest
        tail = TailCheck(context.resume.tail, pageSize: settings.pageSize, context.archive)
        plan = SyncPlan(
            manifest: before, settings: settings, now: context.clock.now(), walkedTo: tail.seenTo(before))
        archivedDates = Set(before?.partitions.map(\.date) ?? [])
        backfill = BackfillProgress(
            plan, settings, before, context.resume.backfill ?? BackfillCursor(), beginTime: beginTime)
        progress = SyncProgressLog(context)
        incomplete = IncompleteWindows(context.resume)
        organization = OrganizationCheck(before?.organization, context.client)
        ingest = try await Ingest(
            into: context.archive, clock: context.clock, startTimestamp: plan.startTimestamp,
            organization: before?.organization)
        let experience = WindowExperience(
            miscounts: backfill.cursor.excesses, limits: backfill.cursor.limits.beginning(at: beginTime))
        reader = WindowReader(settings, context, ingest, experience)
    }

    /// Runs to the end or to a failure; what was received is committed in either case.
    func run() async -> (report: SyncReport, failure: SyncFailure?) {
        report.warnings = plan.warnings
        var failure: SyncFailure?
        do throws(SyncFailure) {
            try await synchronize()
            // Nothing is known to be whole of which something could not be read, or nothing could be used.
            if let failure = ingest.failure { throw failure }
            try await checkClosingDays()
            try await commit(isWhole: true)
            try await compactClosedDays()
            context.resume.save([])
            await tail.save(to: context.resume)
        } catch {
            failure = error
            if error.isInterruption { backfill.recordInterrupted(pages: reader.experience.pagesOfRun) }
            // Of empty answers nothing is kept where it is too late to ask whose they are.
            if error.leavesProgress && !(error.isInterruption && organization.isOpen(ingest)) {
                failure = await keepProgress(after: error)
            } else {
                await ingest.discard()
            }
        }
        context.resume.save(backfill.lastingCursor(reader.experience.limits))
        await context.client.saveLedger()
        return (await summary(failure), failure)
    }

    private func synchronize() async throws(SyncFailure) {
        if plan.isFirstWithoutBackfill { return try await checkAccess() }
        if try await settleByTail() { return }
        for span in plan.work.daySpans { try await read(span) }
        backfill.record(excesses: reader.experience.metExcesses)
        if isFirst { try await learnOrganization() }
        if !incomplete.isEmpty { throw incomplete.failure }
    }

    /// A first sync that fetches nothing still finds out whether the token works, and whose it is.
    private func checkAccess() async throws(SyncFailure) {
        let page = try await reader.page(PageRequest(query: EventQuery(), offset: 0, limit: 1))
        if let organization = ParsedPage(page).organizations.first { ingest.learn(organization) }
        try await beginArchive(pastEvents: page.totalCount)
        try await learnOrganization()
    }

    /// Whether no sync of this archive has come to an end yet.
    private var isFirst: Bool { before.map { $0.syncedTo == nil && !$0.pending.isEmpty } ?? true }

    /// Commits the start of an archive that is yet to begin: the API has just taken the token, and whatever becomes of this
    /// sync, the next one goes on from there.
    private func beginArchive(pastEvents: Int? = nil) async throws(SyncFailure) {
        guard await context.archive.manifest == nil else { return }
        let start = metadata(isWhole: false, await context.client.statistics().requests)
        try await ingest.begin(start)
        context.begun(NewArchive(startTimestamp: start.startTimestamp, pastEvents: pastEvents))
    }

    private func learnOrganization() async throws(SyncFailure) {
        guard ingest.organization == nil, let organization = try await context.onlyOrganization() else { return }
        ingest.learn(organization)
    }

    /// Tries to settle the whole sync with one request for the newest rows, or two. Returns whether that did it.
    private func settleByTail() async throws(SyncFailure) -> Bool {
        guard await tail.isUsable(for: plan, claims, at: context.clock.now()),
            let page = try await tail.settle(
                reader, ingest,
                take: { (page, isLookedUp) async throws(SyncFailure) in
                    try await self.take(page, new: 0..<page.rows.count, isLookedUp: isLookedUp)
                })
        else { return false }
        ingest.recordTimes(of: page, notAfter: claims.newestLimit)
        // The answer may tell that a day closes, which is read once more.
        guard claims.closingDay == before?.completeThrough else { return false }
        backfill.recordAll()
        return true
    }
}

// MARK: Windows

extension SyncRun {
    /// Reads a span of days as a chain of windows, oldest first, committing as it goes.
    private func read(_ span: ClosedRange<CalendarDay>) async throws(SyncFailure) {
        let today = context.clock.now().day
        var chain = backfill.begin(span)
        var planner = WindowPlanner(span, today: today, capacity: backfill.capacity, resuming: chain)
        progress.plan(days: planner.daysAhead)
        var seam = WindowSeam()
        while true {
            let pass = try await openWindow(&planner)
            let ahead = planner.daysAhead
            try await loadArchived(around: pass.window)
            let outcome = try await reader.read(pass, delegate)
            if chain?.windowOverlap != nil {
                chain?.windowOverlap = nil
                if outcome.refutesOverlap {
                    // The filter's days may be others than they were.
                    planner = WindowPlanner(span, today: today, capacity: backfill.capacity, resuming: chain)
                    continue
                }
            }
            if case .cut(let rows) = outcome {
                backfill.recordCut(rows: rows)
                // What was received is kept; the same days are read again in parts.
                if planner.narrow(capacity: backfill.capacity) { continue }
            }
            try await record(outcome, of: pass.window, &seam)
            reader.finishWindow()
            try await commitWindow()
            let next = planner.advance(total: pass.total, capacity: backfill.capacity)
            progress.finish(days: next == nil ? ahead : max(0, ahead - planner.daysAhead))
            guard next != nil else { return }
        }
    }

    /// What is done with the pages of a window.
    private var delegate: WindowReader.Delegate {
        WindowReader.Delegate(
            take: { (page, new) async throws(SyncFailure) in try await self.take(page, new: new) },
            commit: { () async throws(SyncFailure) in try await self.commit() })
    }

    /// Opens the next window that is not too wide.
    private func openWindow(_ planner: inout WindowPlanner) async throws(SyncFailure) -> WindowReader.Pass {
        while true {
            let pass = try await reader.open(planner.window, overlap: backfill.overlap)
            try await beginArchive()
            if pass.window.end == nil { progress.expect(pass.total, beside: ingest.events) }
            let page = max(pass.likelyRows, reader.experience.limits.page.rows)
            guard planner.accepts(total: pass.total, page: page) else { continue }
            backfill.overlap = nil
            return pass
        }
    }

    /// Learns what the archive holds of a window's days, and a day on either side.
    private func loadArchived(around window: Window) async throws(SyncFailure) {
        try await ingest.load(
            archivedDates.filter {
                window.start.advanced(by: -1) <= $0 && $0 <= window.end?.advanced(by: 1) ?? .last
            })
    }

    /// Takes note of how the reading of a window ended, and reads what may lie between it and the one before.
    private func record(
        _ outcome: WindowReader.Outcome, of window: Window, _ seam: inout WindowSeam
    ) async throws(SyncFailure) {
        let joint = seam.join(window, times: outcome.times)
        let start = joint == nil ? nil : backfill.breakChain()
        try record(outcome, of: window)
        guard let joint, let start, case .whole = outcome else { return }
        try await loadArchived(around: joint)
        // A list that is cut there shows no more however it is asked for.
        if case .incomplete = try await reader.read(joint, delegate) { return incomplete.append(joint) }
        backfill.joinChain(from: start, through: window, provenNow: claims.provenNow)
    }

    /// Takes note of how the reading of a window ended.
    private func record(_ outcome: WindowReader.Outcome, of window: Window) throws(SyncFailure) {
        switch outcome {
        case .whole where ingest.hasUnsettledInWindow:
            // A record in it has no time yet: the next run asks again.
            backfill.breakChain()
        case .whole(let paginator, let recorder):
            if let recorder { record(recorder, of: window, paginator) }
            backfill.recordWhole(
                window, pages: reader.experience.pages, rows: paginator.rowCount - paginator.skippedRows,
                ofRun: reader.experience.pagesOfRun)
        case .cut, .incomplete:
            incomplete.append(window)
            backfill.breakChain()
            // A server whose answers contradict each other would be asked in vain, day by day.
            if reader.experience.hopeless >= Self.mostHopeless { throw incomplete.failure }
        }
        backfill.endWindow(at: window.end, provenNow: claims.provenNow)
    }

    /// Remembers what a pass that was whole can spare the next window or the next sync.
    private func record(_ recorder: TailRecorder, of window: Window, _ paginator: OffsetPaginator) {
        let rows = paginator.rowCount
        if window.end == nil {
            tail.fingerprint = recorder.fingerprint(
                of: paginator, start: window.start, walkedAt: beginTime, seenTo: ingest.newestTime)
        } else if reader.experience.refutedOverlaps < Self.mostRefutedOverlaps, ingest.sharedInPass > settings.pageSize,
            rows == paginator.totals?.newest, rows == ingest.seenInPass.fewest + paginator.skippedRows
        {
            backfill.overlap = recorder.windowOverlap(total: rows, count: ingest.sharedInPass)
        }
    }

    /// Takes a page's records, and commits if it is time.
    private func take(_ page: ParsedPage, new: Range<Int>?, isLookedUp: Bool = false) async throws(SyncFailure) {
        try await ingest.take(page, new: new, isLookedUp: isLookedUp)
        ingest.recordTimes(of: page, notAfter: claims.newestLimit)
        if ingest.isCommitDue { try await commit() }
        await progress.report(page, events: ingest.events)
    }
}

// MARK: Commits

extension SyncRun {
    /// Commits at the end of a window if that is worth it, and forgets the known events where they would grow without bound;
    /// what was on its way is committed before.
    private func commitWindow() async throws(SyncFailure) {
        if ingest.isFull {
            try await commit()
            ingest.forget()
            archivedDates = Set(await context.archive.manifest?.partitions.map(\.date) ?? [])
        }
        if ingest.isCommitWorthwhile { try await commit() }
    }

    /// Writes and publishes all that was taken, with what is still to be read. `isWhole`: at the end of a sync that has read
    /// everything. Only then is it recorded how far it has seen, and are dates closed.
    private func commit(isWhole: Bool = false) async throws(SyncFailure) {
        if !isWhole || claims.restOnEmptyAnswers(to: plan) { try await organization.run(ingest) }
        let requests = await context.client.statistics().requests
        let commit = try await ingest.commit { self.metadata(isWhole: isWhole, requests) }
        if let commit { record(commit) }
        backfill.recordCommit(manifest: await context.archive.manifest?.digest ?? "")
    }

    private func metadata(isWhole: Bool, _ requests: Int) -> CommitMetadata {
        let now = reader.skew.careful(context.clock.now())
        let startTimestamp = plan.isFirstWithoutBackfill ? claims.firstStart(at: now) : plan.startTimestamp
        // While no sync has ended whole, only this says that late events of these times are still to be looked for.
        let looksBack = !isWhole && before?.syncedTo == nil && !plan.isFirstWithoutBackfill
        let left = backfill.left(at: now, from: looksBack ? max(plan.startTimestamp, claims.lookbackStart) : nil)
        var metadata = CommitMetadata(
            startTimestamp: startTimestamp, organization: ingest.organization, pending: left, now: now)
        metadata.asked = plan.asked(on: beginTime.day, requests: requests)
        if isWhole {
            metadata.syncedTo = ingest.newestTime
            metadata.closesThrough = claims.closingDay
            metadata.checks = checks
        }
        return metadata
    }

    /// What may be claimed by what is known so far.
    private var claims: SyncClaims {
        SyncClaims(
            beginTime: beginTime, startTimestamp: plan.startTimestamp, lookback: settings.lookback, before: before,
            firstServerDate: reader.skew.firstServerDate, newestEvent: ingest.newestTime)
    }

    private func record(_ commit: ArchiveSession.Commit) {
        report.events += commit.records
        report.files += commit.files
        report.bytes += commit.bytes
        context.logger.info("committed", metadata: ["generation": "\(commit.generation)", "files": "\(commit.files)"])
    }

    /// Commits what was received before a failure; a failure of that is the worse news.
    private func keepProgress(after failure: SyncFailure) async -> SyncFailure {
        let hasUncommitted = await ingest.hasUncommitted
        guard hasUncommitted || ingest.hasCommitted || backfill.wholeWindows > 0 else { return failure }
        do {
            try await commit()
            return failure
        } catch {
            await ingest.discard()
            return error
        }
    }
}

// MARK: The end

extension SyncRun {
    /// Asks the API about the days that this sync closes. What the sync archived is committed before; what is learnt about
    /// the days is committed with their closing.
    private func checkClosingDays() async throws(SyncFailure) {
        guard let closing = claims.closingDay else { return }
        let days = ClosedDays(settings, context)
        guard days.mustCheck(before, closing: closing) else { return }
        try await commit()
        checks = try await days.check(closing: closing, reader.experience.limits, &report)
    }

    /// Merges the files of closed days, in commits of their own, after which the hints of this sync hold as well.
    private func compactClosedDays() async throws(SyncFailure) {
        guard try await ClosedDays(settings, context).compact(reader.skew, &report) else { return }
        backfill.recordCommit(manifest: await context.archive.manifest?.digest ?? "")
    }

    private func summary(_ failure: SyncFailure?) async -> SyncReport {
        let statistics = await context.client.statistics()
        let manifest = await context.archive.manifest
        report.outcome = failure?.outcome ?? .ok
        report.duplicates = ingest.duplicates
        report.quarantined += ingest.quarantined
        report.alerts += ingest.alerts
        report.requests = statistics.requests
        report.retries = statistics.retries
        report.waited = statistics.waited
        report.lastEventTimestamp = manifest?.lastEventTimestamp
        report.completeThrough = manifest?.completeThrough
        report.generation = manifest?.generation ?? 0
        report.duration = context.clock.uptime() - begin
        report.warnings += reader.experience.warnings
        report.warnings += await context.archive.warnings
        if let warning = reader.skew.warning { report.warnings.append(warning) }
        return report
    }
}
