import Synchronization

/// A simulated CaptivateIQ audit-log API without sockets or clocks of its own: requests and the time go in, answers come out.
///
/// It may be used from any number of threads; answers depend on the seed and on the order in which requests come in.
package final class SimulatorCore: Sendable {
    private let state: Mutex<SimulatorState>

    /// Makes the events (about a second for 200,000). Throws if a setting makes no sense.
    ///
    /// - Parameter now: the time it starts at; with no fixed `until`, the newest event is one second older.
    package init(_ configuration: SimulatorConfiguration, at now: SimulatorInstant) throws(SimulatorConfigurationError)
    {
        try configuration.validate()
        state = Mutex(SimulatorState(configuration, at: now))
    }

    /// The answer to one request: of the API, or of the control interface under `/_simulator/`.
    package func respond(to request: SimulatedRequest, at now: SimulatorInstant) -> SimulatedResponse {
        if request.target.hasPrefix(ControlRoutes.prefix) {
            return ControlRoutes(core: self).respond(to: request, at: now)
        }
        return state.withLock { $0.respond(to: request, at: now) }
    }

    /// What an archive of everything visible should hold, by (time, id): every event as it was first served, no odd records.
    ///
    /// - Parameter includingPurged: also the events that were removed after they could be seen.
    package func events(at now: SimulatorInstant, includingPurged: Bool = false) -> [SimulatedEvent] {
        state.withLock { state in
            state.catalog.reveal(now: now.wall + state.configuration.clockOffset)
            return state.catalog.archivable(includingPurged: includingPurged).map { event in
                var bytes: [UInt8] = []
                state.catalog.copy(event.archived, to: &bytes)
                return SimulatedEvent(id: event.id.text, createdAt: event.archived.createdAt, json: bytes)
            }
        }
    }

    /// The same as ``events(at:includingPurged:)`` as NDJSON, each line ended by LF.
    package func ndjson(at now: SimulatorInstant, includingPurged: Bool = false) -> [UInt8] {
        state.withLock { state in
            state.catalog.reveal(now: now.wall + state.configuration.clockOffset)
            let events = state.catalog.archivable(includingPurged: includingPurged)
            var out: [UInt8] = []
            out.reserveCapacity(events.reduce(0) { $0 + Int($1.version.location.length) + 1 })
            for event in events {
                state.catalog.copy(event.archived, to: &out)
                out.append(UInt8(ascii: "\n"))
            }
            return out
        }
    }

    /// Adds events at once.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - lateHours: 0 puts them at the newest end; else each is dated up to that many hours back.
    ///   - ties: how many neighbours share one `created_at`.
    package func arrive(count: Int, lateHours: Double = 0, ties: Int = 1, at now: SimulatorInstant) {
        var motion = SimulatorConfiguration.Motion()
        motion.lateShare = lateHours > 0 ? 1 : 0
        motion.lateHours = lateHours
        motion.ties = max(1, ties)
        state.withLock { state in
            state.catalog.arrive(count: max(0, count), motion: motion, now: now.wall + state.configuration.clockOffset)
        }
    }

    /// Removes the oldest visible events.
    package func purge(count: Int) {
        state.withLock { $0.catalog.purge(count: max(0, count)) }
    }

    /// Adds events at exactly these times, microseconds since 1970, be they in the future; they are seen at once.
    package func add(at times: [Int64], now: SimulatorInstant) {
        state.withLock { $0.catalog.add(at: times, now: now.wall + $0.configuration.clockOffset) }
    }

    /// Removes events that are listed, wherever they are.
    package func remove(ids: Set<String>) {
        state.withLock { $0.catalog.remove(ids: ids) }
    }

    /// Removes some events that are listed.
    package func remove(count: Int) {
        state.withLock { $0.catalog.remove(count: max(0, count)) }
    }

    /// Gives some events that are listed another `created_at`, up to `hours` away.
    package func move(count: Int, hours: Double) {
        state.withLock { $0.catalog.move(count: max(0, count), hours: hours) }
    }

    /// Gives some events that are listed another content.
    package func edit(count: Int) {
        state.withLock { $0.catalog.edit(count: max(0, count)) }
    }

    /// Every event that was ever listed and is no odd record, with all its contents.
    package func histories(at now: SimulatorInstant) -> [SimulatedHistory] {
        state.withLock { state in
            state.catalog.reveal(now: now.wall + state.configuration.clockOffset)
            return state.catalog.histories()
        }
    }

    /// How lists are cut, ordered and described.
    package var listing: SimulatorConfiguration.Listing {
        state.withLock { $0.listing }
    }

    /// Changes how lists are cut, ordered and described; request numbers in it count from here.
    ///
    /// - Throws: ``SimulatorConfigurationError`` if it makes no sense; then nothing changes.
    package func setListing(_ listing: SimulatorConfiguration.Listing) throws(SimulatorConfigurationError) {
        try listing.validate()
        state.withLock { $0.setListing(listing) }
    }

    /// What was asked so far.
    package var statistics: SimulatorStatistics {
        state.withLock { $0.statistics }
    }

    /// Starts counting anew; the limits keep their memory.
    func resetStatistics() {
        state.withLock { $0.resetStatistics() }
    }

    /// Replaces the fault plan; its request numbers count from here.
    func setFaults(_ plan: FaultPlan) {
        state.withLock { $0.setFaults(plan) }
    }

    /// Replaces what changes between requests.
    func setMotion(_ motion: SimulatorConfiguration.Motion) {
        state.withLock { $0.motion = motion }
    }

    /// From now on nothing changes between requests and nothing goes wrong on purpose.
    package func quiet() {
        state.withLock { state in
            state.motion = SimulatorConfiguration.Motion()
            state.setFaults(FaultPlan())
        }
    }
}

/// What the simulated API was asked since it started, or since its statistics were reset. Control requests do not count.
package struct SimulatorStatistics: Equatable, Sendable {
    /// Requests of the API, also those that went wrong.
    package var requests = 0
    /// How many answers of each status; answers cut short count as their status, those never sent as none.
    var byStatus: [Int: Int] = [:]
    /// How many requests each kind of planned fault hit.
    var byFault: [FaultKind: Int] = [:]
    /// How many requests exceeded a limit.
    var limitsBroken = 0
    /// The most requests, also refused ones, in any second.
    var maxInASecond = 0
    /// The most requests, also refused ones, in any hour.
    var maxInAnHour = 0
    /// Records in answers that arrived whole.
    package var records = 0
    /// Bytes of the bodies of such answers, before compression.
    package var bytes = 0

    /// One JSON object.
    package var json: String {
        let statuses = byStatus.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
        let faults = byFault.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\"\($0.key.rawValue)\":\($0.value)" }
        return """
            {"requests":\(requests),"by_status":{\(statuses.joined(separator: ","))},\
            "by_fault":{\(faults.joined(separator: ","))},"limits_broken":\(limitsBroken),\
            "max_in_a_second":\(maxInASecond),"max_in_an_hour":\(maxInAnHour),\
            "records":\(records),"bytes":\(bytes)}
            """
    }
}
