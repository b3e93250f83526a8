import AuditArchive
import AuditRecords
import CaptivateIQAPI
import CivilTime

/// Takes pages in, and is the only place that knows what is new, what is in memory, staged and committed, and when the next
/// commit is due. One task uses it.
final class Ingest {
    /// Bytes of events kept in memory before some are staged.
    private static let bufferLimit = 16 << 20
    /// Events remembered before all are forgotten at the end of a window.
    private static let mostKnown = 250_000

    private let archive: ArchiveSession
    private let clock: any TimeSource
    private var classifier: PageClassifier
    private var policy: CommitPolicy
    /// Dates of which it is known what the archive holds.
    private var loadedDates: Set<CalendarDay> = []
    private var knowsErased = false

    /// Takes in nothing yet. Events before `startTimestamp` are not wanted.
    init(
        into archive: ArchiveSession, clock: any TimeSource, startTimestamp: Timestamp,
        organization: ArchiveOrganization?
    ) async throws(SyncFailure) {
        self.archive = archive
        self.clock = clock
        policy = CommitPolicy(begin: clock.uptime())
        do {
            classifier = PageClassifier(
                startTimestamp: startTimestamp, pruned: await archive.manifest?.prunedTimes ?? RangeSet(),
                organization: organization, quarantine: try await archive.makeQuarantineBatch())
        } catch {
            throw SyncFailure(.archive(error))
        }
    }

    // MARK: What was taken

    /// New events, written or not.
    var events: Int { classifier.events }

    /// Records received that were archived already.
    var duplicates: Int { classifier.duplicates }

    /// Records newly put in quarantine.
    var quarantined: Int { classifier.quarantined }

    /// What a person has to know of records that are in quarantine.
    var alerts: [String] { classifier.refused.warnings(events: events) }

    /// Whose events the archive holds, if anything has told.
    var organization: ArchiveOrganization? { classifier.organization }

    /// Whether an event of this run has told whose it is.
    var hasMetOrganization: Bool { classifier.hasMetOrganization }

    /// The newest time of an event seen that is not later than the sync may claim.
    var newestTime: Timestamp? { classifier.newestTime }

    /// Why a run that read everything is no success all the same, if so.
    var failure: SyncFailure? { classifier.failure }

    /// The failure of a run that got what is no JSON for the first time.
    var malformedRecords: SyncFailure? { classifier.malformedRecords }

    /// Whether anything was taken that no commit has published yet.
    var hasUncommitted: Bool {
        get async {
            let hasStagedFiles = await archive.hasStagedFiles
            return hasStagedFiles || !classifier.buffer.isEmpty || classifier.quarantineBatch.count > 0
        }
    }

    /// Whether a commit has changed the archive.
    var hasCommitted: Bool { policy.count > 0 }

    // MARK: Windows and passes

    /// Different records that the current pass saw.
    var seenInPass: SeenRows { classifier.seenInPass }

    /// Different events of the current pass that the next window shares.
    var sharedInPass: Int { classifier.sharedInPass }

    /// Different records that all passes over the window saw.
    var seenInWindow: SeenRows { classifier.seenInWindow }

    /// Records that are no events, as the current pass saw them.
    var unusableInPass: Int { classifier.unusableInPass }

    /// Whether something in this window is left to the next run, for it is no JSON and was never seen before.
    var hasUnsettledInWindow: Bool { classifier.hasUnsettledInWindow }

    /// A new window begins.
    func beginWindow() { classifier.beginWindow() }

    /// A new pass over the window begins. `shared`: from when on the next window has the same events.
    func beginPass(shared: Timestamp = .endOfTime) { classifier.beginPass(shared: shared) }

    // MARK: Taking pages

    /// Whether an event of this time is to be archived.
    func isWanted(_ time: Timestamp) -> Bool { classifier.isWanted(time) }

    /// Learns whose events they are from elsewhere.
    func learn(_ organization: ArchiveOrganization) { classifier.learn(organization) }

    /// Refuses a page of another organization's events, and learns whose they are.
    func checkOrganization(_ page: ParsedPage) throws(SyncFailure) { try classifier.checkOrganization(page) }

    /// Whether an event is archived or on its way, as far as its date is loaded.
    func contains(_ key: EventKey) -> Bool { classifier.known.contains(key) }

    /// Takes a page's records, wherever the API lists them: the archive may hold any of their dates. `new`: the rows that
    /// the pass reads for the first time; `nil` for those that arrived since. `isLookedUp`: whether all that the archive
    /// holds of the page's events was learnt by ``insert(_:)`` and ``lookUp(_:)``.
    func take(_ page: ParsedPage, new: Range<Int>?, isLookedUp: Bool = false) async throws(SyncFailure) {
        if !isLookedUp { try await load(page.dates) }
        let unknown = classifier.known.unknown(of: page.events.lazy.map(\.key))
        if !isLookedUp { try await lookUp(unknown) }
        // What was erased is not in the archive.
        if !unknown.isEmpty || !page.unusable.isEmpty { try await loadErased() }
        try classifier.classify(page, new: new, receivedAt: clock.now())
        try await settleDoubts(of: page)
        if classifier.buffer.byteCount > Self.bufferLimit { try await stage(downTo: Self.bufferLimit / 2) }
    }

    /// Counts a page's rows as seen, and takes nothing.
    func count(_ page: ParsedPage, new: Range<Int>?) { classifier.count(page, new: new) }

    /// Takes note of how far a page's events reach, but for those that are dated later than `limit`.
    func recordTimes(of page: ParsedPage, notAfter limit: Timestamp) {
        classifier.recordTimes(of: page, notAfter: limit)
    }

    /// Learns what the archive holds of these dates.
    func load(_ dates: some Sequence<CalendarDay>) async throws(SyncFailure) {
        let missing = Set(dates).subtracting(loadedDates)
        guard !missing.isEmpty else { return }
        do {
            for file in await archive.files(of: missing) { insert(try await archive.archivedEvents(in: file)) }
        } catch {
            throw SyncFailure(.archive(error))
        }
        recordLoaded(missing)
    }

    /// Refuses to add to files of these dates that are not what the manifest says.
    func checkContents(of dates: Set<CalendarDay>) async throws(SyncFailure) {
        do {
            try await archive.checkContents(of: dates)
        } catch {
            throw SyncFailure(.archive(error))
        }
    }

    /// Learns of archived events that were read elsewhere.
    func insert(_ events: [ArchivedEvent]) { classifier.known.insert(events) }

    /// All archived events of these dates were learnt.
    func recordLoaded(_ dates: some Sequence<CalendarDay>) { loadedDates.formUnion(dates) }

    /// Learns which of these events are archived, under whatever dates: by the index of ids, and from the files of the dates
    /// that it names.
    func lookUp(_ unknown: [EventKey]) async throws(SyncFailure) {
        guard !unknown.isEmpty, await archive.manifest?.files.isEmpty == false else { return }
        let dates: Set<CalendarDay>
        do {
            dates = try await archive.dates(thatMayHold: unknown)
        } catch {
            throw SyncFailure(.archive(error))
        }
        try await load(dates)
    }

    /// Learns which ids were erased, once: a run that finds nothing new need not know.
    func loadErased() async throws(SyncFailure) {
        guard !knowsErased else { return }
        do {
            classifier.erased = Set(try await archive.erasedIDs().keys)
        } catch {
            throw SyncFailure(.archive(error))
        }
        knowsErased = true
    }

    /// The keys of the events of a page that were erased.
    func erasedKeys(in page: ParsedPage) async throws(SyncFailure) -> [EventKey] {
        try await loadErased()
        return page.events.lazy.filter { self.classifier.isErased($0, of: page) }.map(\.key)
    }

    /// The records of a page that are no events, and in quarantine neither.
    func unkeptRecords(in page: ParsedPage) -> [ParsedPage.UnusableRecord] { classifier.unkeptRecords(in: page) }

    /// Settles what classifying a page left in doubt: reads the known events of the dates, in memory, staged or archived,
    /// once for each date. Nothing is committed for it.
    private func settleDoubts(of page: ParsedPage) async throws(SyncFailure) {
        guard classifier.isInDoubt else { return }
        for date in classifier.datesInDoubt.sorted() {
            classifier.learnFromBuffer(date)
            do {
                for values in try await archive.values(of: date) { classifier.known.learn(values) }
            } catch {
                throw SyncFailure(.archive(error))
            }
            classifier.known.recordValues(of: date)
        }
        classifier.settleDoubts(of: page, receivedAt: clock.now())
    }

    // MARK: Staging and committing

    /// Time until the next commit is due.
    var timeToCommit: Duration { policy.wait(at: clock.uptime()) }

    /// Whether a commit is due now.
    var isCommitDue: Bool { policy.isDue(at: clock.uptime(), events: events) }

    /// Whether the end of a window is worth a commit.
    var isCommitWorthwhile: Bool { policy.isWorthwhile(at: clock.uptime(), events: events) }

    /// Writes and publishes all that was taken. `metadata` is asked for when all is written. Returns `nil` where nothing
    /// would change.
    @discardableResult
    func commit(_ metadata: () async -> CommitMetadata) async throws(SyncFailure) -> ArchiveSession.Commit? {
        try await stage(downTo: 0)
        do {
            try await archive.stage(classifier.quarantineBatch)
            classifier.quarantineBatch.removeLines()
            let commit = try await archive.commit(await metadata())
            policy.recordCommit(at: clock.uptime(), events: events, changed: commit != nil)
            return commit
        } catch {
            throw SyncFailure(.archive(error))
        }
    }

    /// Publishes the start of an archive, before anything is taken.
    func begin(_ metadata: CommitMetadata) async throws(SyncFailure) {
        do {
            _ = try await archive.commit(metadata)
        } catch {
            throw SyncFailure(.archive(error))
        }
    }

    /// Drops what is staged, after a failure that nothing may be kept of.
    func discard() async { await archive.discard() }

    /// Whether so many events are remembered that they are to be forgotten.
    var isFull: Bool { classifier.known.count > Self.mostKnown }

    /// Forgets the known events, to bound memory. What was on its way must be committed before.
    func forget() {
        assert(classifier.buffer.isEmpty, "events in memory would be taken a second time")
        classifier.known.removeAll()
        loadedDates = []
    }

    private func stage(downTo limit: Int) async throws(SyncFailure) {
        do {
            for batch in classifier.buffer.takeBatches(downTo: limit) { try await archive.stage(batch) }
        } catch {
            throw SyncFailure(.archive(error))
        }
    }
}
