/// The whole state of a simulated API; every change is one call, and the time always comes in.
struct SimulatorState: Sendable {
    let configuration: SimulatorConfiguration
    private(set) var listing: SimulatorConfiguration.Listing
    var motion: SimulatorConfiguration.Motion
    var faults: FaultPlan
    var catalog: EventCatalog
    var statistics = SimulatorStatistics()
    private var selector: PageSelector
    private var limiter: RequestLimiter
    private var random: SeededGenerator
    private var lastSecond = SlidingWindow(length: .seconds(1))
    private var lastHour = SlidingWindow(length: .seconds(3_600))
    /// Requests of the API ever.
    private var ordinal = 0
    /// Requests of the API since the listing was set.
    private var listingOrdinal = 0
    /// Requests of the API since the fault plan was set.
    private var faultOrdinal = 0

    init(_ configuration: SimulatorConfiguration, at now: SimulatorInstant) {
        self.configuration = configuration
        listing = configuration.listing
        motion = configuration.motion
        faults = configuration.faults
        let seed = configuration.population.seed
        catalog = EventCatalog(configuration.population, now: now.wall + configuration.clockOffset)
        selector = PageSelector(seed: seed, population: configuration.population.count)
        limiter = RequestLimiter(configuration.pacing)
        random = SeededGenerator(seed: seed, stream: .max - 2)
    }

    /// The answer to a request of the API (not of the control interface).
    mutating func respond(to request: SimulatedRequest, at now: SimulatorInstant) -> SimulatedResponse {
        let wall = now.wall + configuration.clockOffset
        ordinal += 1
        listingOrdinal += 1
        faultOrdinal += 1
        move(wall)
        countRequest(now.monotonic)
        var response = answer(request, wall: wall, monotonic: now.monotonic)
        response.headers.append(SimulatedHeader("Date", TimestampText.httpDate(wall)))
        if response.effect != .stall { response.delay += configuration.pacing.latency }
        if response.effect != .stall, response.effect != .reset {
            statistics.byStatus[response.status, default: 0] += 1
        }
        return response
    }

    mutating func setFaults(_ plan: FaultPlan) {
        faults = plan
        faultOrdinal = 0
    }

    mutating func setListing(_ listing: SimulatorConfiguration.Listing) {
        self.listing = listing
        listingOrdinal = 0
        selector.reset()
    }

    mutating func resetStatistics() {
        statistics = SimulatorStatistics()
        lastSecond = SlidingWindow(length: lastSecond.length)
        lastHour = SlidingWindow(length: lastHour.length)
    }

    private mutating func move(_ wall: Int64) {
        catalog.reveal(now: wall)
        guard ordinal > 1 else { return }
        if motion.arrivalsPerRequest > 0 {
            catalog.arrive(count: motion.arrivalsPerRequest, motion: motion, now: wall)
        }
        catalog.purge(count: motion.purgesPerRequest)
    }

    private mutating func countRequest(_ now: Duration) {
        statistics.requests += 1
        lastSecond.add(now)
        lastHour.add(now)
        statistics.maxInASecond = max(statistics.maxInASecond, lastSecond.count(at: now))
        statistics.maxInAnHour = max(statistics.maxInAnHour, lastHour.count(at: now))
    }

    private mutating func answer(_ request: SimulatedRequest, wall: Int64, monotonic: Duration) -> SimulatedResponse {
        if let ready = faults.answers[faultOrdinal] { return ready }
        if let wait = limiter.admit(at: monotonic) {
            statistics.limitsBroken += 1
            return tooMany(wait: wait, wall: wall)
        }
        guard let fault = faults.fault(forRequest: faultOrdinal, &random) else {
            let (response, numbers) = route(request, wall: wall)
            for number in numbers { catalog.markServed(number) }
            statistics.records += numbers.count
            statistics.bytes += response.status == 200 ? response.body.count : 0
            return response
        }
        statistics.byFault[fault, default: 0] += 1
        let refusal = tooMany(wait: .seconds(1), wall: wall)
        var draws = random
        defer { random = draws }
        return fault.answer(
            &draws, ordinary: { route(request, wall: wall, withRecords: $0).response }, tooMany: { refusal })
    }

    private func tooMany(wait: Duration, wall: Int64) -> SimulatedResponse {
        let (seconds, attoseconds) = wait.components
        let rounded = seconds + (attoseconds > 0 ? 1 : 0)
        var response = SimulatedResponse.detail(429, "Request was throttled. Expected available in \(rounded) seconds.")
        switch configuration.pacing.retryAfter {
        case .none: break
        case .seconds: response.headers.append(SimulatedHeader("Retry-After", String(rounded)))
        case .date:
            // An HTTP date has whole seconds: one more, or the client would come too early.
            let date = TimestampText.httpDate(wall + (rounded + 1) * CivilTime.second)
            response.headers.append(SimulatedHeader("Retry-After", date))
        }
        return response
    }

    /// The answer without limits and faults, and the numbers of the events in it.
    private mutating func route(
        _ request: SimulatedRequest, wall: Int64, withRecords: Bool = true
    ) -> (response: SimulatedResponse, numbers: [Int32]) {
        let target = RequestTarget(request.target)
        let audit = "/ciq/v1/audit-logs"
        let organizations = "/ciq/v1/me/organizations"
        guard [audit, audit + "/", organizations, organizations + "/"].contains(target.path) else {
            return (.detail(404, "Not found."), [])
        }
        if target.path == audit { return (Self.slashed(request.target), []) }
        if let refusal = refusal(request) { return (refusal, []) }
        if target.path != audit + "/" { return (organizationList(), []) }
        do throws(PageQuery.Problem) {
            let change = listing.filterChanges.last { $0.isDue(request: listingOrdinal, wall: wall) }
            let query = try PageQuery(
                target, listing, offsetMinutes: change?.offsetMinutes ?? listing.filterOffsetMinutes)
            return auditLogs(query, host: request.header("Host") ?? "localhost", withRecords: withRecords)
        } catch {
            return (.json(400, #"{"\#(error.parameter)":["\#(error.message)"]}"#), [])
        }
    }

    /// Django sends a path without its last slash to the one that has it.
    private static func slashed(_ target: String) -> SimulatedResponse {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let location = parts[0] + "/" + (parts.count == 2 ? "?" + parts[1] : "")
        return SimulatedResponse(status: 301, headers: [SimulatedHeader("Location", String(location))])
    }

    private func refusal(_ request: SimulatedRequest) -> SimulatedResponse? {
        guard let given = request.header("Authorization"), !given.isEmpty else {
            return .unauthorized("Authentication credentials were not provided.")
        }
        guard given == "Token \(configuration.token)" else { return .unauthorized("Invalid token.") }
        guard request.method == "GET" else { return .detail(405, "Method \"\(request.method)\" not allowed.") }
        return nil
    }

    private func organizationList() -> SimulatedResponse {
        let traits = configuration.population.traits
        let id = String(decoding: JSONFragment.string(traits.organizationID), as: UTF8.self)
        let name = String(decoding: JSONFragment.string(traits.organizationName), as: UTF8.self)
        return .json(
            200,
            #"{"object":"list","total_count":1,"next":null,"previous":null,"data":[{"id":\#(id),"#
                + #""object":"organization","name":\#(name)}]}"#)
    }

    private mutating func auditLogs(
        _ query: PageQuery, host: String, withRecords: Bool
    ) -> (response: SimulatedResponse, numbers: [Int32]) {
        if let most = configuration.pacing.gatewayTimeoutAbove, query.limit > most {
            return (.html(502, FaultPage.gateway("502 Bad Gateway")), [])
        }
        var page = selector.page(query, listing, of: catalog, ordinal: ordinal)
        if !withRecords { page.numbers = [] }
        let envelope = PageEnvelope(listing: listing, path: "/ciq/v1/audit-logs/", host: host)
        let body = assemble(envelope.head(query, page), page.numbers)
        let type = SimulatedHeader("Content-Type", "application/json")
        let seed = configuration.population.seed
        var response = SimulatedResponse(
            status: 200, headers: [type], body: WhitespaceWriter.rewrite(body, listing.whitespace, seed: seed))
        response.delay = configuration.pacing.latencyPerRecord * page.numbers.count
        return (response, page.numbers)
    }

    private func assemble(_ head: [UInt8], _ numbers: [Int32]) -> [UInt8] {
        let events = numbers.map { catalog.events[Int($0)] }
        var body = head
        body.reserveCapacity(events.reduce(head.count + 64) { $0 + Int($1.version.location.length) + 16 })
        for (index, event) in events.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            if listing.shufflesMembers {
                var (bytes, random) = ([UInt8](), SeededGenerator(seed: UInt64(ordinal), stream: UInt64(index)))
                catalog.copy(event.served, to: &bytes)
                MemberShuffle.append(bytes, using: &random, to: &body)
            } else {
                catalog.copy(event.served, to: &body)
            }
        }
        body.append(contentsOf: PageEnvelope.tail)
        return body
    }
}

extension SimulatedResponse {
    fileprivate static func unauthorized(_ message: String) -> SimulatedResponse {
        var response = detail(401, message)
        response.headers.append(SimulatedHeader("WWW-Authenticate", "Token"))
        return response
    }
}
