/// The control interface under `/_simulator/`: what tests use to look behind the API and to change it. No token needed.
struct ControlRoutes {
    static let prefix = "/_simulator/"

    let core: SimulatorCore

    func respond(to request: SimulatedRequest, at now: SimulatorInstant) -> SimulatedResponse {
        let target = RequestTarget(request.target)
        switch (request.method, target.path.dropFirst(Self.prefix.count)) {
        case ("GET", "events"):
            let type = SimulatedHeader("Content-Type", "application/x-ndjson")
            let body = core.ndjson(at: now, includingPurged: target["purged"] == "1")
            return SimulatedResponse(status: 200, headers: [type], body: body)
        case ("GET", "stats"):
            return .json(200, core.statistics.json)
        case ("POST", "arrive"):
            return arrive(target, now)
        case ("POST", "purge"):
            guard let count = Self.number(target, "count", default: 1) else { return Self.unreadable("count") }
            core.purge(count: count)
        case ("POST", "reset-stats"):
            core.resetStatistics()
        case ("POST", "faults"):
            return setFaults(request.body)
        case ("POST", "quiet"):
            core.quiet()
        default:
            return .detail(404, "There is GET events, stats; POST arrive, purge, reset-stats, faults, quiet.")
        }
        return Self.done
    }

    private static let done = SimulatedResponse.json(200, #"{"done":true}"#)

    private func arrive(_ target: RequestTarget, _ now: SimulatorInstant) -> SimulatedResponse {
        guard let count = Self.number(target, "count", default: 1) else { return Self.unreadable("count") }
        guard let ties = Self.number(target, "ties", default: 1) else { return Self.unreadable("ties") }
        guard let hours = Double(target["late_hours"] ?? "0"), (0...100_000).contains(hours) else {
            return Self.unreadable("late_hours")
        }
        core.arrive(count: count, lateHours: hours, ties: ties, at: now)
        return Self.done
    }

    /// The body holds fault specifications separated by white space; none clears the plan.
    private func setFaults(_ body: [UInt8]) -> SimulatedResponse {
        let words = String(decoding: body, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
        do throws(SimulatorConfigurationError) {
            core.setFaults(try FaultPlan(specifications: words))
            return Self.done
        } catch {
            return .detail(400, error.description)
        }
    }

    private static func number(_ target: RequestTarget, _ name: String, default value: Int) -> Int? {
        guard let text = target[name] else { return value }
        guard let number = Int(text), (0...10_000_000).contains(number) else { return nil }
        return number
    }

    private static func unreadable(_ name: String) -> SimulatedResponse {
        .detail(400, "\(name) must be a number of 0 to 10000000.")
    }
}
