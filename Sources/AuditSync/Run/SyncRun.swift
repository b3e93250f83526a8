import AuditArchive
import CaptivateIQAPI
import JSONText
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
    var hopeless = 0
    var tail: TailHint?
    var backfill: BackfillHint
    /// As far as the chain of windows is in the archive.
    var committedChain: BackfillHint.Chain?
    /// What the next window need not read again.
    var joint: WindowJoint?
    var refutedJoints = 0
    var pagesOfWindow = 0
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
        plan = SyncPlan(manifest: manifest, settings: settings, now: context.clock.now())
        pending = plan.work
        backfill = context.hints.backfill ?? BackfillHint()
        if let chain = backfill.chain, chain.generation != manifest?.generation {
            backfill.chain = nil
            // At once: in a copy that was put back, a commit can make that generation anew, of other events.
            context.hints.save(backfill)
        }
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
            try await commit()
            do throws(SyncFailure) {
                try await checkClosedDays()
            } catch {
                await rememberTail()
                throw error
            }
            await rememberTail()
        } catch {
            failure = error
            if pagesOfWindow > 0 && wholeWindows == 0 { backfill.noteInterrupted(pages: pagesOfWindow) }
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
        context.hints.save(nil)
        for span in DaySpan.spans(of: plan.work) { try await walk(span) }
        if isFirst { try await learnOrganization() }
        if !incomplete.isEmpty { throw incompleteness }
    }

    /// The windows whose pages did not add up.
    var incompleteness: SyncFailure {
        let windows = incomplete.map { "\($0.start) to \($0.end?.description ?? "now")" }
        return SyncFailure(.incomplete(windows.joined(separator: ", ")))
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
        report.quarantined = intake.quarantined
        report.requests = statistics.requests
        report.retries = statistics.retries
        report.waited = statistics.waited
        report.lastEventTimestamp = manifest?.lastEventTimestamp
        report.generation = manifest?.generation ?? 0
        report.duration = context.clock.uptime() - begin
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
        case .api, .incomplete, .cancelled: true
        }
    }

    var outcome: SyncReport.Outcome {
        switch kind {
        case .archive, .foreignOrganization: .failed
        case .api(let error): error.kind == .rateLimited ? .stopped : .failed
        case .incomplete: .incomplete
        case .cancelled: .interrupted
        }
    }
}
