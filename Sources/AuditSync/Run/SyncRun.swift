import AuditArchive
import CaptivateIQAPI
import CivilTime
import Logging

/// The state of one sync, and its course.
actor SyncRun: PageRun {
    let settings: SyncSettings
    let context: SyncContext
    let begin: Duration
    let beginTime: Timestamp
    let plan: SyncPlan
    let isFirst: Bool
    /// What was in the archive at the start.
    let before: Manifest?

    var intake: EventIntake
    var pending: TimeRanges
    var loadedDates: Set<CalendarDay> = []
    var archivedDates: Set<CalendarDay>
    var report = SyncReport()
    var commits = CommitClock()
    var skew = ClockSkew()
    var incomplete: [Window] = []
    var tail: TailHint?
    var backfill: BackfillHint
    /// As far as the chain of windows is in the archive.
    var committedChain: BackfillHint.Chain?
    /// Whether the archive could not tell without reading whether it has an event.
    var isIndexStale = false
    /// What comparing the days that close found.
    var checks: [CheckedRun] = []
    /// What the next window need not read again.
    var joint: WindowJoint?
    /// What the last sync remembered of the look-back.
    let remembered: TailHint?
    var windows: WindowExperience
    var wholeWindows = 0
    var days = (done: 0, total: 0)
    var expected: Int?

    init(_ settings: SyncSettings, _ context: SyncContext) async throws(SyncFailure) {
        self.settings = settings
        self.context = context
        begin = context.clock.uptime()
        beginTime = context.clock.now()
        let manifest = await context.archive.manifest
        isFirst = manifest == nil
        before = manifest
        remembered = context.hints.tail
        plan = SyncPlan(
            manifest: manifest, settings: settings, now: context.clock.now(),
            walkedTo: remembered.flatMap { $0.manifest == manifest?.digest ? $0.seenTo : nil })
        pending = plan.work
        backfill = context.hints.backfill ?? BackfillHint()
        if backfill.chain?.manifest != manifest?.digest { backfill.chain = nil }
        windows = WindowExperience(
            miscounts: backfill.excesses, pageLength: backfill.pageLength.beginning(at: beginTime))
        committedChain = backfill.chain
        archivedDates = Set(manifest?.partitions.map(\.date) ?? [])
        let quarantine: QuarantineBatch
        do {
            quarantine = try await context.archive.makeQuarantineBatch()
        } catch {
            throw SyncFailure(.archive(error))
        }
        intake = EventIntake(
            startTimestamp: plan.startTimestamp, organization: manifest?.organization, quarantine: quarantine)
        commits.begin(at: begin)
    }

    /// Runs to the end or to a failure; what was received is committed in either case.
    func run() async -> (report: SyncReport, failure: SyncFailure?) {
        report.warnings = plan.warnings
        var failure: SyncFailure?
        do throws(SyncFailure) {
            try await synchronize()
            // Nothing is known to be whole of which something could not be read, or nothing could be used.
            if let failure = intake.malformedRecords ?? intake.noneUsable { throw failure }
            try await checkClosingDays()
            try await commit(isWhole: true)
            context.hints.save([])
            await rememberTail()
        } catch {
            failure = error
            if windows.pagesOfRun > 0, error.isInterruption { backfill.noteInterrupted(pages: windows.pagesOfRun) }
            if error.leavesProgress {
                failure = await keepProgress(after: error)
            } else {
                await context.archive.discard()
            }
        }
        rememberBackfill()
        await context.client.saveLedger()
        return (await summary(failure), failure)
    }

    private func synchronize() async throws(SyncFailure) {
        if plan.isFirstWithoutBackfill { return try await checkAccess() }
        if try await probeTail() { return }
        for span in DaySpan.spans(of: plan.work) { try await walk(span) }
        backfill.note(excesses: windows.metExcesses)
        if isFirst { try await learnOrganization() }
        if !incomplete.isEmpty { throw incompleteness }
    }

    /// The windows whose pages did not add up. Those that did not at the last sync either will not by themselves.
    var incompleteness: SyncFailure {
        let windows = incomplete.map { "\($0.start) to \($0.end?.description ?? "now")" }.joined(separator: ", ")
        let before = context.hints.incompleteWindows
        context.hints.save(incomplete)
        let isRepeated = incomplete.contains { window in before.contains { $0.overlaps(window) } }
        return SyncFailure(isRepeated ? .contradictory(windows) : .incomplete(windows))
    }

    /// The newest event time that this sync may claim to have seen everything up to: its own beginning, and not later than
    /// the API's.
    var newestLimit: Timestamp { min(beginTime, skew.firstServerDate ?? beginTime) }

    /// The newest date for which no event can surface any more, by the look-back; `nil` if there is none since the start.
    var closingDay: CalendarDay? {
        let newest = ReconcileScope.newestClosed(lookback: settings.lookback, now: newestLimit)
        guard let newest, newest >= plan.startTimestamp.day else { return before?.completeThrough }
        return max(newest, before?.completeThrough ?? newest)
    }

    /// A first sync that fetches nothing still finds out whether the token works, and whose it is.
    private func checkAccess() async throws(SyncFailure) {
        let page = try await page(PageRequest(query: EventQuery(), offset: 0, limit: 1))
        if let organization = PageReading(page).organizations.first { intake.learn(organization) }
        try await learnOrganization()
    }

    private func learnOrganization() async throws(SyncFailure) {
        guard intake.organization == nil else { return }
        do {
            let organizations = try await context.client.organizations()
            guard organizations.count == 1, let only = organizations.first else { return }
            intake.learn(ArchiveOrganization(id: only.id, name: only.name))
        } catch {
            if error.kind == .cancelled { throw SyncFailure(.cancelled) }
            // The first event will tell as well.
            context.logger.debug("the organization could not be asked for", metadata: ["error": "\(error)"])
        }
    }

    /// Commits what was received before a failure; a failure of that is the worse news.
    private func keepProgress(after failure: SyncFailure) async -> SyncFailure {
        let hasStagedFiles = await context.archive.hasStagedFiles
        let hasProgress = hasStagedFiles || !intake.buffer.isEmpty || intake.quarantine.count > 0
        guard hasProgress || commits.count > 0 || wholeWindows > 0 else { return failure }
        do {
            try await commit()
            return failure
        } catch {
            return error
        }
    }

    private func summary(_ failure: SyncFailure?) async -> SyncReport {
        let statistics = await context.client.statistics()
        let manifest = await context.archive.manifest
        report.outcome = failure?.outcome ?? .ok
        report.duplicates = intake.duplicates
        report.quarantined += intake.quarantined
        report.alerts += intake.refused.warnings(events: intake.events)
        report.requests = statistics.requests
        report.retries = statistics.retries
        report.waited = statistics.waited
        report.lastEventTimestamp = manifest?.lastEventTimestamp
        report.generation = manifest?.generation ?? 0
        report.duration = context.clock.uptime() - begin
        report.warnings += windows.warnings
        report.warnings += await context.archive.warnings
        if let warning = skew.warning { report.warnings.append(warning) }
        return report
    }
}

extension SyncFailure {
    init(_ error: APIError) {
        self.init(error.kind == .cancelled ? .cancelled : .api(error))
    }

    /// Whether what was received before it may be committed.
    var leavesProgress: Bool {
        switch kind {
        case .archive, .foreignOrganization: false
        case .api, .incomplete, .contradictory, .noneUsable, .malformedRecords, .cancelled: true
        }
    }

    /// Whether it ended the run before it came to the end of what it had to read.
    var isInterruption: Bool {
        switch kind {
        case .api, .cancelled: true
        case .archive, .foreignOrganization, .incomplete, .contradictory, .noneUsable, .malformedRecords: false
        }
    }

    var outcome: SyncReport.Outcome {
        switch kind {
        case .archive, .foreignOrganization, .noneUsable: .failed
        case .malformedRecords: .incomplete
        case .api(let error): error.kind == .rateLimited ? .stopped : .failed
        case .incomplete, .contradictory: .incomplete
        case .cancelled: .interrupted
        }
    }
}
