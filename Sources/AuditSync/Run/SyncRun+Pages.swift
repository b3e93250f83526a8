import CaptivateIQAPI

/// What a task of a walk brings.
private enum Arrival: Sendable {
    case page(PageReading, askedLimit: Int)
    case failure(APIError)
    /// The time of the next commit has come, whatever the network does.
    case commitTime
}

extension SyncRun {
    /// Runs a walk to its end, with as many requests in flight as are allowed.
    func run(_ walk: inout WindowWalk, first: PageReading?, _ recorder: inout TailRecorder) async throws(SyncFailure) {
        if let first, let request = walk.nextRequest() {
            try await take(first, &walk, &recorder, askedLimit: request.limit)
        }
        var state = walk
        var record = recorder
        let failure = await withTaskGroup(of: Arrival.self) { group -> SyncFailure? in
            let failure = await self.drive(&state, &record, &group)
            group.cancelAll()
            return failure
        }
        walk = state
        recorder = record
        if let failure { throw failure }
    }

    private func drive(
        _ walk: inout WindowWalk, _ recorder: inout TailRecorder, _ group: inout TaskGroup<Arrival>
    ) async -> SyncFailure? {
        var inFlight = 0
        addCommitTimer(to: &group)
        do throws(SyncFailure) {
            while true {
                while inFlight < settings.concurrency, let request = walk.nextRequest() {
                    inFlight += 1
                    add(request, to: &group)
                }
                guard inFlight > 0, let arrival = await group.next() else { return nil }
                switch arrival {
                case .page(let reading, let askedLimit):
                    inFlight -= 1
                    try await take(reading, &walk, &recorder, askedLimit: askedLimit)
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

    private func take(
        _ reading: PageReading, _ walk: inout WindowWalk, _ recorder: inout TailRecorder, askedLimit: Int
    ) async throws(SyncFailure) {
        walk.receive(WindowWalk.Answer(reading.page), askedLimit: askedLimit)
        recorder.add(reading)
        pagesOfWindow += 1
        try await take(reading)
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
