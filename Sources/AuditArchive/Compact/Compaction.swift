package import CivilTime

/// Makes one file of each closed date's files: the same lines, sorted, exchanged for the many in one step.
///
/// To stop it, cancel the task that runs it: the dates that were merged until then are committed.
package struct Compaction: Sendable {
    private let session: ArchiveSession
    private let limits: CompactionPlan.Limits

    /// A compaction of the archive that the session has opened.
    package init(_ session: ArchiveSession) {
        self.init(session, CompactionPlan.Limits())
    }

    init(_ session: ArchiveSession, _ limits: CompactionPlan.Limits) {
        self.session = session
        self.limits = limits
    }

    /// Merges the closed dates, before `end` where that is given, that have several files.
    ///
    /// - Parameters:
    ///   - now: tells the moment of each commit.
    ///   - progress: is told how many dates are merged, of how many.
    /// - Throws: where a file that has to be read is damaged, or the archive cannot be written. What was committed before
    ///   stays.
    package func run(
        before end: CalendarDay? = nil, now: @Sendable () -> Timestamp,
        progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws(ArchiveError) -> CompactionReport {
        var report = CompactionReport()
        guard let manifest = await session.manifest else { return report }
        report.generation = manifest.generation
        let plan = CompactionPlan(manifest, before: end, limits)
        report.left = plan.dates.count
        guard report.left > 0 else { return report }
        do throws(ArchiveError) {
            try await session.probeExchange()
            for dates in plan.commits where !report.isStopped {
                try await commit(dates, now, &report) { progress($0, plan.dates.count) }
            }
        } catch {
            guard error.kind == .noExchange else { throw error }
            report.obstacle = error
        }
        return report
    }

    private func commit(
        _ dates: [CalendarDay], _ now: () -> Timestamp, _ report: inout CompactionReport, progress: (Int) -> Void
    ) async throws(ArchiveError) {
        var merged: [CalendarDay] = []
        for date in dates {
            if Task.isCancelled {
                report.isStopped = true
                break
            }
            try await session.stageMerge(of: date)
            merged.append(date)
            progress(report.dates + merged.count)
        }
        guard !merged.isEmpty, let manifest = await session.manifest else { return }
        let before = merged.flatMap(manifest.files(of:))
        _ = try await session.commit(CommitMetadata(keeping: manifest, now: now()))
        guard let next = await session.manifest else { return }
        report.record(before, merged.flatMap(next.files(of:)), dates: merged.count, generation: next.generation)
    }
}

/// What a compaction did.
package struct CompactionReport: Sendable {
    /// Dates that were merged.
    package private(set) var dates = 0
    /// Dates that are left to be merged.
    package internal(set) var left = 0
    /// Their events.
    package private(set) var records = 0
    /// Files that were replaced, and those that took their place.
    package private(set) var filesBefore = 0, filesAfter = 0
    /// Their bytes on disk.
    package private(set) var bytesBefore = 0, bytesAfter = 0
    /// Commits that were made.
    package private(set) var commits = 0
    /// The archive's generation afterwards.
    package internal(set) var generation = 0
    /// Why the file system cannot do it; `nil` where it can.
    package internal(set) var obstacle: ArchiveError?
    /// Whether it was cancelled before its end.
    package internal(set) var isStopped = false

    /// A report of nothing done yet.
    package init() {}

    fileprivate mutating func record(_ old: [DataFile], _ new: [DataFile], dates: Int, generation: Int) {
        self.dates += dates
        left -= dates
        records += new.reduce(0) { $0 + $1.records }
        filesBefore += old.count
        filesAfter += new.count
        bytesBefore += old.reduce(0) { $0 + $1.size }
        bytesAfter += new.reduce(0) { $0 + $1.size }
        commits += 1
        self.generation = generation
    }
}
