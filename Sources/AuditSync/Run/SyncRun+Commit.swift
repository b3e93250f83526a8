import AuditArchive
import CaptivateIQAPI
import CivilTime
import Logging

extension SyncRun {
    /// Takes a page's records, and commits if it is time.
    func takePage(_ reading: ParsedPage, new: Range<Int>?) async throws(SyncFailure) {
        try await take(reading, new: new)
        intake.recordTimes(of: reading, notAfter: newestLimit)
        try await commitIfDue()
        await reportProgress(reading)
    }

    /// Writes and publishes all that was taken, with what is still to be walked.
    func commit() async throws(SyncFailure) { try await commit(isWhole: false) }

    /// The same at the end of a sync that has read everything: only then is it recorded how far it has seen, and are dates
    /// closed.
    func commit(isWhole: Bool) async throws(SyncFailure) {
        try await stage(intake.buffer.takeBatches(downTo: 0))
        let now = skew.careful(context.clock.now())
        do {
            try await context.archive.stage(intake.quarantineBatch)
            intake.quarantineBatch.removeLines()
            let commit = try await context.archive.commit(facts(now, isWhole: isWhole))
            if let commit { record(commit) }
            // All windows of the chain were taken before; a commit that fails must not let the next run skip them.
            committedChain = backfill.chain
            committedChain?.manifest = await context.archive.manifest?.digest ?? ""
            commits.recordCommit(at: context.clock.uptime(), events: intake.events, changed: commit != nil)
        } catch {
            throw SyncFailure(.archive(error))
        }
    }

    /// Forgets the known events where they would grow without bound; what was on its way is committed before.
    func boundMemory() async throws(SyncFailure) {
        guard intake.known.count > 250_000 else { return }
        try await commit()
        intake.known.removeAll()
        loadedDates = []
        archivedDates = Set(await context.archive.manifest?.partitions.map(\.date) ?? [])
    }

    private func facts(_ now: Timestamp, isWhole: Bool) -> CommitFacts {
        // Beyond now nothing can be left to do: the next sync looks there in any case.
        var left = pending
        // While no sync has ended whole, only this says that late events of these times are still to be looked for.
        if !isWhole, before?.syncedTo == nil, !plan.isFirstWithoutBackfill {
            left.insert(TimeRange(from: max(plan.startTimestamp, lookbackStart), to: now))
        }
        left.remove(TimeRange(from: now, to: .endOfTime))
        var facts = CommitFacts(
            startTimestamp: startTimestamp(now), organization: intake.organization, pending: left, now: now)
        if isWhole {
            facts.syncedTo = intake.newestTime
            facts.closesThrough = closingDay
            facts.checks = checks
        }
        return facts
    }

    /// Later events than this may have been read before all of them had surfaced.
    private var lookbackStart: Timestamp {
        // A look-back longer than the calendar would overflow, and means everything.
        guard settings.lookback < .seconds(86_400 * 366 * 9_999) else { return plan.startTimestamp }
        return beginTime - settings.lookback
    }

    /// A first sync without backfill starts now, but not later than the API's now.
    private func startTimestamp(_ now: Timestamp) -> Timestamp {
        guard plan.isFirstWithoutBackfill else { return plan.startTimestamp }
        return min(plan.startTimestamp, now, skew.firstServerDate ?? now)
    }

    private func record(_ commit: ArchiveSession.Commit) {
        report.events += commit.records
        report.files += commit.files
        report.bytes += commit.bytes
        context.logger.info(
            "committed",
            metadata: [
                "generation": "\(commit.generation)", "events": "\(commit.records)", "files": "\(commit.files)"
            ])
    }

    private func reportProgress(_ reading: ParsedPage) async {
        let statistics = await context.client.statistics()
        context.progress(
            SyncProgress(
                daysDone: days.done, daysTotal: days.total, events: intake.events, requests: statistics.requests,
                requestsLeftThisHour: statistics.requestsLeftThisHour,
                day: reading.page.request.query.startDate, eventsExpected: expected))
    }
}
