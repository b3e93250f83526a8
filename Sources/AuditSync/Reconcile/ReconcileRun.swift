import AuditArchive
import AuditRecords
import CaptivateIQAPI
import CivilTime
import Logging

/// The course of one comparison of the archive with the API.
actor ReconcileRun: PageRun {
    /// What a comparison does with what it finds.
    struct Choices: Sendable {
        /// Missing events are archived.
        var repairs = false
        /// Events that the vendor no longer has are accepted.
        var acceptsGone = false
        /// It is asked for what is in quarantine, and no count is believed: what was refused is counted by the API.
        var retriesQuarantine = false
        /// Whether what was learnt is committed here, and not by who asked for it.
        var recordsChecks = true
        /// A day whose ids are compared whatever the counts say.
        var sample: CalendarDay?
        /// The longest page of the server, where the run before has seen any.
        var pageLength: PageLength?
    }

    let settings: SyncSettings
    let context: SyncContext
    private let scope: ReconcileScope
    private let choices: Choices
    private let begin: Duration
    private let beginTime: Timestamp
    private let manifest: Manifest
    /// By day, the events whose absence at the vendor was accepted.
    private let acceptedBefore: [CalendarDay: Int]
    private var plan: ReconcilePlan
    private var checks: [CalendarDay: DayCheck] = [:]
    private var tally: DayTally
    private var report = ReconcileReport()
    var intake: EventIntake
    var commits = CommitClock()
    var skew = ClockSkew()
    var windows: WindowExperience
    var loadedDates: Set<CalendarDay> = []

    /// A comparison of the days in `scope` with what `manifest`, the archive's own, says.
    init(
        _ settings: SyncSettings, _ context: SyncContext, _ manifest: Manifest, _ scope: ReconcileScope,
        _ choices: Choices
    ) async throws(SyncFailure) {
        self.settings = settings
        self.context = context
        self.scope = scope
        self.choices = choices
        self.manifest = manifest
        acceptedBefore = Dictionary(
            manifest.checked.compactMap { run in run.goneAtVendor.map { (run.from, $0) } }
        ) { first, _ in first }
        begin = context.clock.uptime()
        beginTime = context.clock.now()
        let pageLength = choices.pageLength ?? context.hints.backfill?.pageLength ?? PageLength()
        windows = WindowExperience(pageLength: pageLength.beginning(at: beginTime))
        plan = ReconcilePlan(
            scope.runs, records: Self.expected(manifest), start: manifest.startTimestamp, sample: choices.sample,
            byIDs: choices.retriesQuarantine)
        tally = DayTally(start: manifest.startTimestamp)
        let quarantine: QuarantineBatch
        do {
            // A file that is gone or cut short would be compared with what the manifest says it holds.
            try await context.archive.checkFiles(of: Set(manifest.partitions.map(\.date).filter(scope.contains)))
            quarantine = try await context.archive.makeQuarantineBatch()
        } catch {
            throw SyncFailure(.archive(error))
        }
        intake = EventIntake(
            startTimestamp: manifest.startTimestamp, organization: manifest.organization, quarantine: quarantine)
        commits.begin(at: begin)
    }

    /// The events that the API should count on each day, by the archive and by what earlier comparisons found.
    private static func expected(_ manifest: Manifest) -> [CalendarDay: Int] {
        var counts = Dictionary(manifest.partitions.map { ($0.date, $0.records) }) { first, _ in first }
        for run in manifest.checked {
            // The first day stands for the run: only sums over runs are compared.
            counts[run.from, default: 0] += (run.unexplained ?? 0) - (run.goneAtVendor ?? 0)
        }
        return counts
    }

    /// Compares all days. What was learnt and archived before a failure is committed.
    func run() async -> (report: ReconcileReport, failure: SyncFailure?) {
        report.pending = scope.pending
        report.days = scope.runs.reduce(0) { $0 + $1.count }
        report.isRepaired = choices.repairs
        report.acceptsGone = choices.acceptsGone
        report.retriesQuarantine = choices.retriesQuarantine
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

    /// What the days compared turned out to be, for the manifest.
    var checkedRuns: [CheckedRun] {
        CheckedRun.entries(checks, at: beginTime).filter { run in scope.newestClosed.map { run.to <= $0 } ?? true }
    }

    private func compare() async throws(SyncFailure) {
        while let step = plan.next {
            switch step {
            case .count(let run):
                let count = try await count(run)
                plan.noteCount(count.total, isProven: count.isProven)
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
        report.quarantined = choices.repairs ? intake.quarantined : 0
        report.warnings = windows.warnings
        report.alerts = choices.repairs ? intake.refused.warnings(events: intake.events) : []
        report.requests = await context.client.statistics().requests
        report.generation = await context.archive.manifest?.generation ?? 0
        report.duration = context.clock.uptime() - begin
    }
}

extension ReconcileRun {
    /// How many events the API counts on these days, as its filter understands them, and whether the first and the last of
    /// them are the archive's.
    private func count(_ run: DayRun) async throws(SyncFailure) -> (total: Int, isProven: Bool) {
        let query = EventQuery(startDate: run.first, endDate: run.last)
        let first = PageReading(try await page(PageRequest(query: query, offset: 0, limit: 1)))
        try intake.checkOrganization(first)
        let total = first.page.totalCount
        let expected = plan.expected(on: run)
        let edges = edges(of: run)
        guard total == expected, total > 0, let edges else {
            return (total, total == expected && first.rows.isEmpty && edges == nil)
        }
        let last = PageReading(try await page(PageRequest(query: query, offset: total - 1, limit: 1)))
        try intake.checkOrganization(last)
        let times = [first, last].compactMap { $0.events.first?.time }.sorted()
        return (total, last.page.totalCount == total && times == [edges.first, edges.last])
    }

    /// The times of the archive's first and last event on these days.
    private func edges(of run: DayRun) -> (first: Timestamp, last: Timestamp)? {
        let files = manifest.files.filter { run.contains($0.name.date) }
        guard let first = files.map(\.firstEventTimestamp).min(), let last = files.map(\.lastEventTimestamp).max()
        else { return nil }
        return (first, last)
    }

    /// Days whose sum the API confirmed have, each, what the archive has.
    private func noteAgreed(_ run: DayRun) {
        let records = Dictionary(manifest.partitions.map { ($0.date, $0.records) }) { first, _ in first }
        let known = manifest.checked.filter { run.contains($0.from) && ($0.unexplained ?? $0.goneAtVendor ?? 0) > 0 }
        for number in 0..<run.count {
            let day = run.first.advanced(by: number)
            guard checks[day] == nil else { continue }
            let before = known.first { $0.from == day }
            let (archived, gone) = (records[day] ?? 0, before?.goneAtVendor ?? 0)
            checks[day] = DayCheck(
                api: archived - gone, archived: archived, accepted: gone, unexplained: before?.unexplained ?? 0)
        }
    }

    /// Reads the days and their neighbours, and compares by ids. Says how many events the API has on these days, or `nil`
    /// where a count could say something else.
    private func walk(_ run: DayRun) async throws(SyncFailure) -> Int? {
        context.logger.info("comparing by ids", metadata: ["from": "\(run.first)", "to": "\(run.last)"])
        let window = run.window
        try await prepareTally(run, window)
        let unexplained: Int
        switch try await read(window) {
        case .whole(let walk, _): unexplained = walk.isShort ? (walk.totals?.newest ?? 0) - walk.rowCount : 0
        case .cut where run.count > 1:
            // In parts: their lists are shorter.
            let middle = run.first.advanced(by: run.count / 2)
            let first = try await walk(DayRun(first: run.first, last: middle.advanced(by: -1)))
            let second = try await walk(DayRun(first: middle, last: run.last))
            return first.flatMap { first in second.map { first + $0 } }
        case .cut, .incomplete:
            report.incomplete.append(run)
            return nil
        }
        try await note(run, unexplained: unexplained)
        // Records without an id are counted by the API, and are nobody's event.
        return tally.oddCount > 0 || unexplained > 0 ? nil : tally.days().reduce(0) { $0 + $1.api }
    }

    /// Takes what comparing the ids of these days found.
    private func note(_ run: DayRun, unexplained: Int) async throws(SyncFailure) {
        let found = Dictionary(tally.days().map { ($0.date, $0) }) { first, _ in first }
        var differing: [ReconcileReport.Day] = []
        for number in 0..<run.count {
            let date = run.first.advanced(by: number)
            let day = found[date] ?? ReconcileReport.Day(date: date, archived: 0, api: 0, missing: 0, gone: 0)
            let gone = choices.acceptsGone ? day.gone : min(day.gone, acceptedBefore[date] ?? 0)
            let repaired = choices.repairs ? day.missing : 0
            checks[date] = DayCheck(
                api: day.api, archived: day.archived + repaired,
                left: day.missing - repaired + day.gone - gone, accepted: gone,
                unexplained: number == 0 ? unexplained : 0)
            if day.missing > 0 || day.gone > gone || choices.acceptsGone && day.gone > acceptedBefore[date] ?? 0 {
                differing.append(day)
            }
        }
        report.differing += differing
        if !differing.isEmpty { try await list(Set(differing.lazy.filter { $0.gone > 0 }.map(\.date))) }
        try await boundMemory()
    }

    /// Knows what the archive has of the days and their neighbours.
    private func prepareTally(_ run: DayRun, _ window: Window) async throws(SyncFailure) {
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
                if choices.repairs { intake.known.insert(events) }
            }
            loadedDates.formUnion(dates)
        } catch {
            throw SyncFailure(.archive(error))
        }
        tally = DayTally(run, start: manifest?.startTimestamp ?? self.manifest.startTimestamp, archived: archived)
    }

    private func list(_ datesWithGone: Set<CalendarDay>) async throws(SyncFailure) {
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

    func beginWindow() { intake.beginWindow() }

    func beginWalk(shared: Timestamp) {
        tally.beginWalk()
        intake.beginWalk()
    }

    func takePage(_ reading: PageReading, new: Range<Int>?) async throws(SyncFailure) {
        try intake.checkOrganization(reading)
        try await learnElsewhere(reading)
        tally.take(reading, new: new)
        if choices.repairs { try await take(reading, new: new) }
    }

    /// Finds the events of a page that are archived under a date far away.
    private func learnElsewhere(_ reading: PageReading) async throws(SyncFailure) {
        let unknown = tally.unknownKeys(in: reading)
        guard !unknown.isEmpty else { return }
        do {
            let dates = try await context.archive.dates(thatMayHold: unknown)
            guard !dates.isEmpty else { return }
            let wanted = Set(unknown)
            for file in await context.archive.files(of: dates) {
                let events = try await context.archive.archivedEvents(in: file)
                tally.learn(archivedElsewhere: events.lazy.map(\.key).filter(wanted.contains))
            }
        } catch {
            throw SyncFailure(.archive(error))
        }
    }

    var seenInWalk: SeenRows { tally.distinctInWalk }

    var seenInWindow: SeenRows { tally.distinct }
}

extension ReconcileRun {
    /// Writes and publishes all that was taken and learnt.
    func commit() async throws(SyncFailure) {
        try await stage(intake.buffer.takeBatches(downTo: 0))
        let now = skew.careful(context.clock.now())
        do {
            if choices.repairs {
                try await context.archive.stage(intake.quarantine)
                intake.quarantine.removeLines()
            }
            guard let manifest = await context.archive.manifest else { return }
            var facts = CommitFacts(
                startTimestamp: manifest.startTimestamp, organization: manifest.organization ?? intake.organization,
                pending: manifest.pending, now: now)
            if choices.recordsChecks, let closed = self.manifest.closedThrough {
                // A day that is still open gets other events.
                facts.checks = checkedRuns.filter { $0.to <= closed }
            }
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
