import AuditArchive
import CaptivateIQAPI
import JSONText
import Logging

/// The course of one comparison of the archive with the API.
actor ReconcileRun: PageRun {
    let settings: SyncSettings
    let context: SyncContext
    private let scope: ReconcileScope
    private let repairs: Bool
    private let begin: Duration
    private let manifest: Manifest
    private var plan: ReconcilePlan
    private var checks: [CalendarDay: DayCheck] = [:]
    private var report = ReconcileReport()
    var intake: EventIntake
    var commits = CommitClock()
    var skew = ClockSkew()
    var loadedDates: Set<CalendarDay> = []

    /// A comparison of the days in `scope` with what `manifest`, the archive's own, says. `repairs`: missing events are
    /// archived.
    init(
        _ settings: SyncSettings, _ context: SyncContext, _ manifest: Manifest, _ scope: ReconcileScope, repairs: Bool
    ) async throws(SyncFailure) {
        self.settings = settings
        self.context = context
        self.scope = scope
        self.repairs = repairs
        self.manifest = manifest
        begin = context.clock.uptime()
        let records = Dictionary(manifest.partitions.map { ($0.date, $0.records) }) { first, _ in first }
        plan = ReconcilePlan(scope.runs, records: records, start: manifest.startTimestamp)
        let quarantine: QuarantineBatch
        do {
            quarantine = try await context.archive.makeQuarantineBatch()
        } catch {
            throw SyncFailure(.archive(error))
        }
        intake = EventIntake(
            startTimestamp: manifest.startTimestamp, organization: manifest.organization, quarantine: quarantine)
        commits.begin(at: begin)
    }

    /// Compares all days. What was learnt and archived before a failure is committed.
    func run() async -> (report: ReconcileReport, failure: SyncFailure?) {
        report.pending = scope.pending
        report.days = scope.runs.reduce(0) { $0 + $1.count }
        report.isRepaired = repairs
        var failure: SyncFailure?
        do throws(SyncFailure) {
            try await compare()
            try await commit()
        } catch {
            failure = error
            if error.leavesProgress {
                failure = await keepProgress(after: error)
            } else {
                await context.archive.discard()
            }
        }
        await finish(failure)
        return (report, failure)
    }

    private func compare() async throws(SyncFailure) {
        while let step = plan.next {
            switch step {
            case .count(let run): plan.noteCount(try await count(run))
            case .walk(let run): plan.noteWalk(events: try await walk(run))
            }
        }
        for run in plan.agreed { noteAgreed(run) }
    }

    private func keepProgress(after failure: SyncFailure) async -> SyncFailure {
        do {
            try await commit()
            return failure
        } catch {
            return error
        }
    }

    private func finish(_ failure: SyncFailure?) async {
        report.isFailed = failure != nil
        report.differing.sort { $0.date < $1.date }
        report.quarantined = repairs ? intake.quarantined : 0
        report.requests = await context.client.statistics().requests
        report.generation = await context.archive.manifest?.generation ?? 0
        report.duration = context.clock.uptime() - begin
    }

    /// How many events the API counts on these days, as its filter understands them.
    private func count(_ run: DayRun) async throws(SyncFailure) -> Int {
        let query = EventQuery(startDate: run.first, endDate: run.last)
        let page = try await page(PageRequest(query: query, offset: 0, limit: 1))
        try intake.checkOrganization(PageReading(page))
        return page.totalCount
    }

    /// Days whose sum the API confirmed have, each, what the archive has.
    private func noteAgreed(_ run: DayRun) {
        for partition in manifest.partitions where run.contains(partition.date) {
            checks[partition.date] = DayCheck(count: partition.records, time: context.clock.now())
        }
    }
}

extension ReconcileRun {
    /// Reads the days and their neighbours, and compares by ids. Says how many events the API has on these days, or `nil`
    /// where a count could say something else.
    private func walk(_ run: DayRun) async throws(SyncFailure) -> Int? {
        context.logger.info("comparing by ids", metadata: ["from": "\(run.first)", "to": "\(run.last)"])
        let window = run.window
        var tally = try await tally(run, window)
        guard try await read(window, &tally) else {
            report.incomplete.append(run)
            return nil
        }
        let days = tally.days()
        for day in days { checks[day.date] = DayCheck(count: day.api, time: context.clock.now()) }
        let differing = days.filter { $0.missing > 0 || $0.gone > 0 }
        report.differing += differing
        if !differing.isEmpty { try await list(tally, Set(differing.lazy.filter { $0.gone > 0 }.map(\.date))) }
        try await boundMemory()
        // Records without an id are counted by the API, and are nobody's event.
        return tally.oddCount > 0 ? nil : days.reduce(0) { $0 + $1.api }
    }

    /// Reads a window until its events add up. Says whether they did.
    private func read(_ window: Window, _ tally: inout DayTally) async throws(SyncFailure) -> Bool {
        intake.beginWindow()
        var repetition = WalkRepetition(pageSize: settings.pageSize)
        var decision = WalkRepetition.Decision.again
        while decision == .again {
            tally.beginWalk()
            intake.beginWalk()
            var walk = WindowWalk(window.query, pageSize: repetition.pageSize)
            try await run(&walk) { (reading, new) async throws(SyncFailure) in
                try await take(reading, new: new, &tally)
            }
            if WalkVerdict(walk, distinct: tally.distinctInWalk) == .whole { return true }
            decision = repetition.decide(after: walk, seen: tally.distinct)
        }
        return decision == .settled
    }

    /// Knows what the archive has of the days and their neighbours.
    private func tally(_ run: DayRun, _ window: Window) async throws(SyncFailure) -> DayTally {
        let last = window.end?.advanced(by: 1) ?? .last
        let manifest = await context.archive.manifest
        let dates = (manifest?.partitions ?? []).lazy.map(\.date).filter {
            window.start.advanced(by: -1) <= $0 && $0 <= last
        }
        var archived: [EventKey: CalendarDay] = [:]
        do {
            for file in await context.archive.files(of: Set(dates)) {
                let events = try await context.archive.archivedEvents(in: file)
                for event in events { archived[event.key] = file.name.date }
                if repairs { intake.known.insert(events) }
            }
            loadedDates.formUnion(dates)
        } catch {
            throw SyncFailure(.archive(error))
        }
        return DayTally(run, start: manifest?.startTimestamp ?? self.manifest.startTimestamp, archived: archived)
    }

    private func list(_ tally: DayTally, _ datesWithGone: Set<CalendarDay>) async throws(SyncFailure) {
        let most = ReconcileReport.mostListed
        report.missing = Array((report.missing + tally.firstMissing).sorted().prefix(most))
        guard !datesWithGone.isEmpty else { return }
        do {
            let gone = try await context.archive.references(to: tally.gone, of: datesWithGone)
            report.gone = Array((report.gone + gone).sorted().prefix(most))
        } catch {
            throw SyncFailure(.archive(error))
        }
    }

    private func take(
        _ reading: PageReading, new: Range<Int>, _ tally: inout DayTally
    ) async throws(SyncFailure) {
        try intake.checkOrganization(reading)
        tally.take(reading, new: new)
        if repairs { try await take(reading, new: new) }
    }
}

extension ReconcileRun {
    /// Writes and publishes all that was taken and learnt.
    func commit() async throws(SyncFailure) {
        try await stage(intake.buffer.takeBatches(downTo: 0))
        let now = skew.careful(context.clock.now())
        do {
            if repairs {
                try await context.archive.stage(intake.quarantine)
                intake.quarantine.removeLines()
            }
            guard let manifest = await context.archive.manifest else { return }
            var facts = CommitFacts(
                startTimestamp: manifest.startTimestamp, organization: manifest.organization ?? intake.organization,
                pending: manifest.pending, lookback: settings.lookback, now: now)
            facts.checks = checks
            if let commit = try await context.archive.commit(facts) {
                report.events += commit.records
                report.files += commit.files
                report.bytes += commit.bytes
            }
            commits.noteCommit(at: context.clock.uptime(), events: intake.events, changed: true)
        } catch {
            throw SyncFailure(.archive(error))
        }
    }

    /// Commits now and then, and forgets the known events where they would grow without bound.
    private func boundMemory() async throws(SyncFailure) {
        let isFull = intake.known.count > 250_000
        if isFull || commits.isDue(at: context.clock.uptime(), events: intake.events) { try await commit() }
        guard isFull else { return }
        intake.known.removeAll()
        loadedDates = []
    }
}
