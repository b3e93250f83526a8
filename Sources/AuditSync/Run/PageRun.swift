import AuditArchive
import CaptivateIQAPI
import CivilTime

/// What a sync and a comparison share: reading pages, several at once, and handing on what is new in them.
protocol PageRun: Actor {
    var settings: SyncSettings { get }
    var context: SyncContext { get }
    var intake: EventIntake { get set }
    var skew: ClockSkew { get set }
    var commits: CommitClock { get }
    /// Dates of which it is known what the archive holds.
    var loadedDates: Set<CalendarDay> { get set }

    /// What the windows read so far have shown.
    var windows: WindowExperience { get set }

    /// Writes and publishes all that was taken.
    func commit() async throws(SyncFailure)

    /// A new window begins, of which nothing was seen yet.
    func beginWindow()
    /// A new walk of the window begins; `shared`: from when on the next window has the same events.
    func beginWalk(shared: Timestamp)
    /// Takes a page. `new`: the rows that the walk reads for the first time; `nil` for those that arrived since.
    func takePage(_ reading: PageReading, new: Range<Int>?) async throws(SyncFailure)
    /// Different records that the current walk saw.
    var seenInWalk: SeenRows { get }
    /// Different records that all walks of the window saw.
    var seenInWindow: SeenRows { get }
}

/// What a task of a walk brings.
private enum Arrival: Sendable {
    case page(PageReading, askedLimit: Int)
    case failure(APIError)
    /// The time of the next commit has come, whatever the network does.
    case commitTime
}

extension PageRun {
    /// Bytes of events kept in memory before some are written.
    private var bufferLimit: Int { 16 << 20 }

    /// One page, with the failures of the API made those of the run.
    func page(_ request: PageRequest) async throws(SyncFailure) -> Page {
        do {
            let page = try await context.client.page(request)
            skew.note(serverDate: page.serverDate, now: context.clock.now())
            return page
        } catch {
            throw SyncFailure(error)
        }
    }

    /// Learns what the archive holds of these dates.
    func load(_ dates: Set<CalendarDay>) async throws(SyncFailure) {
        let missing = dates.subtracting(loadedDates)
        guard !missing.isEmpty else { return }
        do {
            for file in await context.archive.files(of: missing) {
                intake.known.insert(try await context.archive.archivedEvents(in: file))
            }
        } catch {
            throw SyncFailure(.archive(error))
        }
        loadedDates.formUnion(missing)
    }

    /// Takes a page's records, wherever the API lists them: the archive may hold any of their dates. `new`: the rows that
    /// the walk reads for the first time; `nil` for those that arrived since.
    func take(_ reading: PageReading, new: Range<Int>?) async throws(SyncFailure) {
        try await load(reading.dates)
        try await loadElsewhere(reading)
        try intake.take(reading, new: new, receivedAt: context.clock.now())
        try await settleDoubts(of: reading)
        if intake.buffer.byteCount > bufferLimit { try await stage(intake.buffer.takeBatches(downTo: bufferLimit / 2)) }
    }

    /// Learns of events that are archived under other dates than they are listed with now.
    private func loadElsewhere(_ reading: PageReading) async throws(SyncFailure) {
        guard await context.archive.manifest?.files.isEmpty == false else { return }
        let unknown = intake.known.unknown(of: reading.events.lazy.map(\.key))
        guard !unknown.isEmpty else { return }
        let dates: Set<CalendarDay>
        do {
            dates = try await context.archive.dates(thatMayHold: unknown)
        } catch {
            throw SyncFailure(.archive(error))
        }
        try await load(dates)
    }

    /// Writes new events into staged files.
    func stage(_ batches: [EventBatch]) async throws(SyncFailure) {
        do {
            for batch in batches { try await context.archive.stage(batch) }
        } catch {
            throw SyncFailure(.archive(error))
        }
    }

    func commitIfDue() async throws(SyncFailure) {
        if commits.isDue(at: context.clock.uptime(), events: intake.events) { try await commit() }
    }

    /// Runs a walk to its end, with as many requests in flight as are allowed. `first`: the answer to its first request,
    /// if that was sent before. `take` gets each page as it comes, with the rows that are read for the first time, and
    /// says how many different rows the walk has seen by then.
    func run(
        _ walk: inout WindowWalk, first: PageReading? = nil,
        take: (PageReading, Range<Int>) async throws(SyncFailure) -> Int
    ) async throws(SyncFailure) {
        if let first, let request = walk.nextRequest() {
            let new = walk.receive(WindowWalk.Answer(first), askedLimit: request.limit)
            walk.note(distinct: try await take(first, new))
        }
        let failure = await withTaskGroup(of: Arrival.self) { group -> SyncFailure? in
            let failure = await self.drive(&walk, &group, take)
            group.cancelAll()
            return failure
        }
        if let failure { throw failure }
    }

    private func drive(
        _ walk: inout WindowWalk, _ group: inout TaskGroup<Arrival>,
        _ take: (PageReading, Range<Int>) async throws(SyncFailure) -> Int
    ) async -> SyncFailure? {
        var order = ArrivalOrder<(reading: PageReading, new: Range<Int>)>()
        let failure = await drive(&walk, &group, &order, take)
        // What overtook the answer that failed is good.
        if let failure, !failure.leavesProgress { return failure }
        do throws(SyncFailure) {
            for page in order.drain() { walk.note(distinct: try await take(page.reading, page.new)) }
            return failure
        } catch {
            return failure ?? error
        }
    }

    private func drive(
        _ walk: inout WindowWalk, _ group: inout TaskGroup<Arrival>,
        _ order: inout ArrivalOrder<(reading: PageReading, new: Range<Int>)>,
        _ take: (PageReading, Range<Int>) async throws(SyncFailure) -> Int
    ) async -> SyncFailure? {
        var inFlight = 0
        addCommitTimer(to: &group)
        do throws(SyncFailure) {
            while true {
                while inFlight < settings.concurrency, order.heldCount < settings.concurrency,
                    let request = walk.nextRequest()
                {
                    inFlight += 1
                    order.ask(request.offset)
                    add(request, to: &group)
                }
                guard inFlight > 0, let arrival = await group.next() else { return nil }
                switch arrival {
                case .page(let reading, let askedLimit):
                    inFlight -= 1
                    skew.note(serverDate: reading.page.serverDate, now: context.clock.now())
                    let new = walk.receive(WindowWalk.Answer(reading), askedLimit: askedLimit)
                    for page in order.receive((reading, new), at: reading.page.request.offset) {
                        walk.note(distinct: try await take(page.reading, page.new))
                    }
                case .failure(let error): throw SyncFailure(error)
                case .commitTime:
                    // The timer of a cancelled task fires at once, again and again.
                    guard !Task.isCancelled else { throw SyncFailure(.cancelled) }
                    try await commitIfDue()
                    addCommitTimer(to: &group)
                }
            }
        } catch {
            return error
        }
    }

    private func add(_ request: PageRequest, to group: inout TaskGroup<Arrival>) {
        group.addTask { [client = context.client] in
            do throws(APIError) {
                return .page(PageReading(try await client.page(request)), askedLimit: request.limit)
            } catch {
                return .failure(error)
            }
        }
    }

    private func addCommitTimer(to group: inout TaskGroup<Arrival>) {
        let wait = commits.wait(at: context.clock.uptime())
        group.addTask { [clock = context.clock] in
            // Cancelled at the end of the walk; then nobody waits for it any more.
            try? await clock.sleep(for: max(wait, .milliseconds(10)))
            return .commitTime
        }
    }
}
