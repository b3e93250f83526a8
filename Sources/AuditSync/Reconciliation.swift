package import AuditArchive
import AuditRecords
package import CaptivateIQAPI
package import CivilTime
package import Logging

/// Compares an archive with the API, and archives what is missing if told to.
///
/// To stop it, cancel the task that runs it: what was learnt and archived until then is committed.
package struct Reconciliation: Sendable {
    private let settings: SyncSettings
    private let context: SyncContext

    /// A comparison that has done nothing yet, with page size, concurrency and look-back from `settings`. The archive stays
    /// open afterwards; closing it is the caller's.
    package init(
        settings: SyncSettings, client: APIClient, archive: ArchiveSession, layout: ArchiveLayout,
        fileSystem: any FileSystem, clock: any TimeSource, logger: Logger,
        progress: @escaping @Sendable (SyncProgress) -> Void = { _ in }
    ) {
        self.settings = settings
        context = SyncContext(
            client: client, archive: archive, layout: layout, fileSystem: fileSystem, clock: clock, logger: logger,
            progress: progress)
    }

    /// Compares the closed days that are asked for. An archive that is yet to begin agrees with everything.
    package func run(_ request: ReconcileRequest) async -> (report: ReconcileReport, failure: SyncFailure?) {
        guard let manifest = await context.archive.manifest else { return (ReconcileReport(), nil) }
        do throws(SyncFailure) {
            let scope = try await scope(of: request, manifest)
            let choices = ReconcileChoices(request, sample: scope.sample(on: context.clock.now().day))
            let run = try await ReconciliationRun(settings, context, manifest, scope, choices)
            let (report, failure) = await run.run()
            await context.client.saveLedger()
            return (report, failure)
        } catch {
            var report = ReconcileReport()
            report.isFailed = true
            return (report, error)
        }
    }

    private func scope(of request: ReconcileRequest, _ manifest: Manifest) async throws(SyncFailure) -> ReconcileScope {
        let now = context.clock.now()
        guard request.retriesQuarantine else {
            return ReconcileScope(
                manifest, lookback: settings.lookback, now: now, from: request.from, to: request.to,
                repairs: request.repairs)
        }
        do {
            return ReconcileScope(
                of: try await context.archive.quarantinedDays(), manifest, lookback: settings.lookback, now: now,
                from: request.from, to: request.to)
        } catch {
            throw SyncFailure(.archive(error))
        }
    }

    /// Compares the days that a sync closes, up to `closing`, and archives what is missing. What was learnt about the days is
    /// for the sync to commit. `limits`: how long the server's answers can be, as the sync has seen.
    static func check(
        closing: CalendarDay, _ manifest: Manifest, _ settings: SyncSettings, _ context: SyncContext,
        _ limits: ServerLimits
    ) async throws(SyncFailure) -> (report: ReconcileReport, checks: [CheckedRun], failure: SyncFailure?) {
        var choices = ReconcileChoices()
        choices.repairs = true
        choices.recordsChecks = false
        choices.limits = limits
        let run = try await ReconciliationRun(
            settings, context, manifest, ReconcileScope(closing: closing, manifest), choices)
        let (report, failure) = await run.run()
        return (report, run.checkedRuns, failure)
    }
}

/// The course of one comparison of the archive with the API.
private final class ReconciliationRun {
    private let context: SyncContext
    private let scope: ReconcileScope
    private let choices: ReconcileChoices
    private let begin: Duration
    private let beginTime: Timestamp
    private let manifest: Manifest
    private let ingest: Ingest
    private let reader: WindowReader
    private var plan: ReconcilePlan
    private let erased: [CalendarDay: Int]
    private var checks: DayChecks
    private var tally: DayTally
    private var comparedDays: Set<CalendarDay> = []
    private var report = ReconcileReport()
    private var organization: OrganizationCheck
    private var progress: ReconcileProgress

    /// A comparison of the days in `scope` with what `manifest`, the archive's own, says.
    init(
        _ settings: SyncSettings, _ context: SyncContext, _ manifest: Manifest, _ scope: ReconcileScope,
        _ choices: ReconcileChoices
    ) async throws(SyncFailure) {
        self.context = context
        self.scope = scope
        self.choices = choices
        self.manifest = manifest
        begin = context.clock.uptime()
        beginTime = context.clock.now()
        checks = DayChecks(manifest)
        progress = ReconcileProgress(context, days: scope.dayCount, isShown: choices.recordsChecks)
        tally = DayTally(start: manifest.startTimestamp)
        // A sync that closes days has asked.
        organization = OrganizationCheck(choices.recordsChecks ? manifest.organization : nil, context.client)
        do {
            erased = try await context.archive.erasedCounts()
            // A file that is gone or cut short would be compared with what the manifest says it holds.
            try await context.archive.checkFiles(of: Set(manifest.partitions.map(\.date).filter(scope.contains)))
        } catch {
            throw SyncFailure(.archive(error))
        }
        plan = ReconcilePlan(
            scope.runs, records: manifest.recordCounts, unsure: manifest.unsureDays.union(erased.keys),
            start: manifest.startTimestamp, sample: choices.sample, byIDs: choices.retriesQuarantine,
            countsEachDay: choices.countsEachDay)
        ingest = try await Ingest(
            into: context.archive, clock: context.clock, startTimestamp: manifest.startTimestamp,
            organization: manifest.organization)
        let limits = choices.limits ?? context.resume.backfill?.limits ?? ServerLimits()
        reader = WindowReader(
            settings, context, ingest, WindowExperience(limits: limits.beginning(at: beginTime)))
    }

    /// Compares all days. What was learnt and archived before a failure is committed.
    func run() async -> (report: ReconcileReport, failure: SyncFailure?) {
        report.pending = scope.pending
        report.days = scope.dayCount
        report.range = scope.range
        report.isRepaired = choices.repairs
        report.acceptsGone = choices.acceptsGone
        report.retriesQuarantine = choices.retriesQuarantine
        var failure: SyncFailure?
        do throws(SyncFailure) {
            try await compare()
            if let failure = ingest.malformedRecords { throw failure }
            try await commit()
        } catch {
            failure = error
            // Of empty answers nothing is kept once it is too late to ask whose they are.
            if error.leavesProgress && !organization.isOpen(ingest) {
                failure = await keepProgress(after: error)
            } else {
                await ingest.discard()
            }
        }
        await finish(failure)
        return (report, failure)
    }

    /// What the days compared turned out to be, for the manifest.
    var checkedRuns: [CheckedRun] {
        checks.entries(at: beginTime).filter { run in scope.newestClosed.map { run.to <= $0 } ?? true }
    }

    private func compare() async throws(SyncFailure) {
        while let step = plan.next {
            await progress.begin(daysLeft: plan.daysLeft)
            switch step {
            case .count(let run):
                let count = try await count(run)
                if count.isProven { progress.finish(events: count.total) }
                plan.recordCount(count.total, isProven: count.isProven)
            case .compare(let run): plan.recordComparison(events: try await compareByIDs(run))
            }
        }
        for run in plan.agreed { checks.recordAgreed(run) }
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
        report.checks = checkedRuns
        report.quarantined = choices.repairs ? ingest.quarantined : 0
        report.warnings = reader.experience.warnings + report.unkeptWarnings
        report.alerts = choices.repairs ? ingest.alerts : []
        report.requests = await context.client.statistics().requests
        report.generation = await context.archive.manifest?.generation ?? 0
        report.duration = context.clock.uptime() - begin
    }
}

// MARK: Comparing

extension ReconciliationRun {
    /// How many events the API counts on these days, as its filter understands them, and whether the first and the last of
    /// them are the archive's.
    private func count(_ run: ClosedRange<CalendarDay>) async throws(SyncFailure) -> (total: Int, isProven: Bool) {
        let window = Window(start: run.lowerBound, end: run.upperBound)
        let first = ParsedPage(try await reader.page(PageRequest(query: window.query, offset: 0, limit: 1)))
        try ingest.checkOrganization(first)
        let total = first.page.totalCount
        let expected = plan.expected(on: run)
        let edges = manifest.edges(of: run)
        guard total == expected, total > 0, let edges else {
            return (total, total == expected && first.rows.isEmpty && edges == nil)
        }
        // A total that is too low hides what is behind it.
        let last = ParsedPage(try await reader.page(PageRequest(query: window.query, offset: total - 1, limit: 2)))
        try ingest.checkOrganization(last)
        let times = [first, last].compactMap { $0.events.first?.time }.sorted()
        guard last.rows.count == 1, last.page.totalCount == total, times == [edges.first, edges.last] else {
            return (total, false)
        }
        // Some servers always name a next page.
        if last.page.next == .present {
            let behind = try await reader.page(PageRequest(query: window.query, offset: total, limit: 1))
            if !behind.records.isEmpty { return (total, false) }
        }
        return (total, try await !reader.countsMore(in: window, dividedAt: plan.division(of: run), than: total))
    }

    /// Reads the days and their neighbours, and compares by ids. Returns how many events the API has on these days, or `nil`
    /// where a count could say something else.
    private func compareByIDs(_ run: ClosedRange<CalendarDay>) async throws(SyncFailure) -> Int? {
        context.logger.info("comparing by ids", metadata: ["from": "\(run.lowerBound)", "to": "\(run.upperBound)"])
        try await prepareTally(run)
        let delegate = WindowReader.Delegate(
            take: { (page, new) async throws(SyncFailure) in try await self.take(page, new: new) },
            commit: { () async throws(SyncFailure) in try await self.commit() })
        let unexplained: Int
        switch try await reader.read(run.window, delegate) {
        case .whole(let paginator, _): unexplained = paginator.excess
        case .cut where run.dayCount > 1:
            // In parts: their lists are shorter.
            let middle = run.lowerBound.advanced(by: run.dayCount / 2)
            let first = try await compareByIDs(run.lowerBound...middle.advanced(by: -1))
            let second = try await compareByIDs(middle...run.upperBound)
            return first.flatMap { first in second.map { first + $0 } }
        case .cut:
            guard let excess = try await readAround(run.lowerBound, delegate) else { fallthrough }
            unexplained = excess
        case .incomplete:
            report.incomplete.append(run)
            return nil
        }
        // Of what is no JSON for the first time nobody knows yet what it is.
        if ingest.hasUnsettledInWindow { return nil }
        try await record(run, unexplained: unexplained)
        // Records without an id are counted by the API, and are no events; so are, it may be, erased ones.
        if ingest.unusableInPass > 0 || unexplained > 0 || erased.keys.contains(where: run.contains) { return nil }
        return tally.days().reduce(0) { $0 + $1.api }
    }

    /// Reads a day that is longer than what the API shows of a list, so that it hides its neighbours where they share one.
    /// Returns how many of its events the API counts and does not show; `nil` if the lists do not add up.
    private func readAround(
        _ day: CalendarDay, _ delegate: WindowReader.Delegate
    ) async throws(SyncFailure) -> Int? {
        let window = (day...day).window
        var unexplained: Int?
        for part in window.pairsOfDays + [Window(start: day, end: day)] {
            guard case .whole(let paginator, _) = try await reader.read(part, delegate) else { return nil }
            guard paginator.excess > 0, part.overlaps(Window(start: day, end: day)) else { continue }
            // That of the part in which the day hides least of others.
            unexplained = min(unexplained ?? .max, paginator.excess)
        }
        return unexplained ?? 0
    }

    /// Takes a page: compares its events, and archives what is new if told to.
    private func take(_ page: ParsedPage, new: Range<Int>?) async throws(SyncFailure) {
        try ingest.checkOrganization(page)
        try await learnElsewhere(page)
        tally.learn(erased: try await ingest.erasedKeys(in: page))
        tally.take(page)
        await progress.take(page)
        if choices.repairs { try await ingest.take(page, new: new) } else { ingest.count(page, new: new) }
        tally.take(unkept: ingest.unkeptRecords(in: page), of: page)
    }

    /// Finds the events of a page that are archived under a date far away.
    private func learnElsewhere(_ page: ParsedPage) async throws(SyncFailure) {
        let unknown = tally.unknownKeys(in: page)
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

    /// Takes note of what comparing the ids of these days found.
    private func record(_ run: ClosedRange<CalendarDay>, unexplained: Int) async throws(SyncFailure) {
        let found = Dictionary(tally.days().map { ($0.date, $0) }) { first, _ in first }
        progress.finish(events: found.values.reduce(0) { $0 + $1.api })
        var differing: [ReconcileReport.Day] = []
        for date in run.days {
            let day = found[date] ?? ReconcileReport.Day(date: date, archived: 0, api: 0, missing: 0, gone: 0)
            let known = checks.acceptedBefore(date, unlisted: (erased[date] ?? 0) - tally.listedErased(on: date))
            let gone = choices.acceptsGone ? day.gone : min(day.gone, known)
            let repaired = choices.repairs ? day.missing : 0
            checks.record(
                DayChecks.Check(
                    // By the archive's dates: an event that the vendor has moved since is there all the same.
                    api: day.archived - day.gone + day.missing, archived: day.archived + repaired,
                    left: day.missing - repaired + day.gone - gone, accepted: gone,
                    unexplained: date == run.lowerBound ? unexplained : 0),
                of: date)
            if day.missing > 0 || day.gone > gone || choices.acceptsGone && day.gone > known {
                differing.append(day)
            }
        }
        // A day is compared again where a count does not tell what it seems to: what it had at first counts.
        report.differing += differing.filter { !comparedDays.contains($0.date) }
        report.unkept += tally.unkeptCount(without: comparedDays)
        comparedDays.formUnion(run.days)
        if !differing.isEmpty { try await list(Set(differing.lazy.filter { $0.gone > 0 }.map(\.date))) }
        try await boundMemory()
    }

    private func list(_ datesWithGone: Set<CalendarDay>) async throws(SyncFailure) {
        let most = ReconcileReport.mostListed
        report.missing = Array(Set(report.missing + tally.firstMissing).sorted().prefix(most))
        guard !datesWithGone.isEmpty else { return }
        do {
            let gone = try await context.archive.references(to: tally.gone, of: datesWithGone)
            report.gone = Array(Set(report.gone + gone).sorted().prefix(most))
        } catch {
            throw SyncFailure(.archive(error))
        }
    }

    /// Learns what the archive has of the days and their neighbours.
    private func prepareTally(_ run: ClosedRange<CalendarDay>) async throws(SyncFailure) {
        let window = run.window
        let last = window.end?.advanced(by: 1) ?? .last
        let manifest = await context.archive.manifest
        let dates = Set((manifest?.partitions ?? []).map(\.date)).filter {
            window.start.advanced(by: -1) <= $0 && $0 <= last
        }
        var archived: [EventKey: CalendarDay] = [:]
        if !choices.repairs { ingest.forget() }
        do {
            for file in await context.archive.files(of: dates) {
                let events = try await context.archive.archivedEvents(in: file)
                for event in events { archived[event.key] = file.name.date }
                if choices.repairs { ingest.insert(events) }
            }
        } catch {
            throw SyncFailure(.archive(error))
        }
        if choices.repairs { ingest.recordLoaded(dates) }
        tally = DayTally(run, start: manifest?.startTimestamp ?? self.manifest.startTimestamp, archived: archived)
    }
}

// MARK: Commits
extension ReconciliationRun {
    /// Writes and publishes all that was taken and learnt.
    private func commit() async throws(SyncFailure) {
        if !checkedRuns.isEmpty || !report.differing.isEmpty { try await organization.run(ingest) }
        guard choices.commits else { return }
        let commit = try await ingest.commit {
            let manifest = await self.context.archive.manifest ?? self.manifest
            var metadata = CommitMetadata(
                startTimestamp: manifest.startTimestamp,
                organization: manifest.organization ?? self.ingest.organization, pending: manifest.pending,
                now: self.reader.skew.careful(self.context.clock.now()))
            metadata.asked = self.scope.asked(requests: await self.context.client.statistics().requests)
            if self.choices.recordsChecks, let closed = self.manifest.closedThrough {
                // A day that is still open gets other events.
                metadata.checks = self.checkedRuns.filter { $0.to <= closed }
            }
            return metadata
        }
        guard let commit else { return }
        report.events += commit.records
        report.files += commit.files
        report.bytes += commit.bytes
    }

    /// Commits now and then, and forgets the known events where they would grow without bound.
    private func boundMemory() async throws(SyncFailure) {
        let isFull = choices.repairs && ingest.isFull
        if isFull || ingest.isCommitDue { try await commit() }
        if isFull { ingest.forget() }
    }
}
