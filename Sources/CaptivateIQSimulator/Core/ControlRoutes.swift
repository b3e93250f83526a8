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
        case ("POST", "remove"):
            if let id = target["id"] {
                core.remove(ids: [id])
            } else {
                guard let count = Self.number(target, "count", default: 1) else { return Self.unreadable("count") }
                core.remove(count: count)
            }
        case ("POST", "move"):
            guard let count = Self.number(target, "count", default: 1) else { return Self.unreadable("count") }
            guard let hours = Self.hours(target, "hours", default: 72) else { return Self.unreadable("hours") }
            core.move(count: count, hours: hours)
        case ("POST", "edit"):
            guard let count = Self.number(target, "count", default: 1) else { return Self.unreadable("count") }
            core.edit(count: count)
        case ("POST", "listing"):
            return setListing(request.body)
        case ("POST", "reset-stats"):
            core.resetStatistics()
        case ("POST", "faults"):
            return setFaults(request.body)
        case ("POST", "quiet"):
            core.quiet()
        default:
            return .detail(
                404,
                "There is GET events, stats; "
                    + "POST arrive, purge, remove, move, edit, listing, reset-stats, faults, quiet.")
        }
        return Self.done
    }

    private static let done = SimulatedResponse.json(200, #"{"done":true}"#)

    private func arrive(_ target: RequestTarget, _ now: SimulatorInstant) -> SimulatedResponse {
        guard let count = Self.number(target, "count", default: 1) else { return Self.unreadable("count") }
        guard let ties = Self.number(target, "ties", default: 1) else { return Self.unreadable("ties") }
        guard let hours = Self.hours(target, "late_hours", default: 0) else { return Self.unreadable("late_hours") }
        guard let time = target["at"] else {
            core.arrive(count: count, lateHours: hours, ties: ties, at: now)
            return Self.done
        }
        guard let time = TimestampText.parse(time) else { return .detail(400, "at must be an RFC 3339 time.") }
        core.add(at: Array(repeating: time, count: count), now: now)
        return Self.done
    }

    /// The body holds words such as `total=page`, named and written as the options of the command are.
    private func setListing(_ body: [UInt8]) -> SimulatedResponse {
        let words = String(decoding: body, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        var listing = core.listing
        do throws(SimulatorConfigurationError) {
            for word in words {
                let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                try listing.set(parts[0], parts.count == 2 ? parts[1] : "")
            }
            try core.setListing(listing)
            return Self.done
        } catch {
            return .detail(400, error.description)
        }
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

    private static func hours(_ target: RequestTarget, _ name: String, default value: Double) -> Double? {
        guard let text = target[name] else { return value }
        guard let hours = Double(text), (0...100_000).contains(hours) else { return nil }
        return hours
    }

    private static func unreadable(_ name: String) -> SimulatedResponse {
        .detail(400, "\(name) must be a number of 0 to 10000000.")
    }
}
