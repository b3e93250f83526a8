extension SimulatorConfiguration {
    /// Checks every value; throws ``SimulatorConfigurationError`` for the first that makes no sense.
    package func validate() throws(SimulatorConfigurationError) {
        try validatePopulation()
        try listing.validate()
        try validatePacing()
        try validateMotion()
        try faults.validate()
        try Self.require(!token.isEmpty, "--token", "not empty")
        let decade = 3_650 * CivilTime.day
        try Self.require((-decade...decade).contains(clockOffset), "--clock-offset-seconds", "at most ten years")
    }

    private func validatePopulation() throws(SimulatorConfigurationError) {
        try Self.require((0...10_000_000).contains(population.count), "--events", "0 to 10000000")
        try Self.require((1...20_000).contains(population.days), "--days", "1 to 20000")
        if let until = population.until {
            let newest = 253_402_214_400 * CivilTime.second
            let allowed = Int64(population.days) * CivilTime.day - 719_162 * CivilTime.day..<newest
            try Self.require(allowed.contains(until), "--until", "a time whose --days lie in the years 1 to 9998")
        }
        let odd = population.traits.oddShares.values
        try Self.require(
            odd.allSatisfy(Self.isShare) && odd.reduce(0, +) <= 1, "--odd", "shares of 0 to 1, together at most 1")
        try Self.require(Self.isShare(population.traits.foreignShare), "--foreign-share", "0 to 1")
        try Self.require(Self.isShare(population.changedShare), "--changed-share", "0 to 1")
        try Self.require(Self.isShare(population.delayedShare), "--delayed-share", "0 to 1")
        try Self.require((0...100_000).contains(population.delayedHours), "--delayed-hours", "0 to 100000")
    }

    private func validatePacing() throws(SimulatorConfigurationError) {
        let longest = Duration.seconds(3_600)
        try Self.require((.zero...longest).contains(pacing.latency), "--latency-ms", "0 to 3600000")
        try Self.require(
            (.zero...longest).contains(pacing.latencyPerRecord), "--latency-per-record-us", "0 to 3600000000")
        try Self.require((pacing.requestsPerSecond ?? 1) > 0, "--requests-per-second", "positive")
        try Self.require((pacing.requestsPerHour ?? 1) > 0, "--requests-per-hour", "positive")
        try Self.require((pacing.gatewayTimeoutAbove ?? 1) > 0, "--gateway-timeout-above", "positive")
    }

    private func validateMotion() throws(SimulatorConfigurationError) {
        try Self.require((0...100_000).contains(motion.arrivalsPerRequest), "--arrivals-per-request", "0 to 100000")
        try Self.require((0...100_000).contains(motion.purgesPerRequest), "--purges-per-request", "0 to 100000")
        try Self.require(Self.isShare(motion.lateShare), "--late-share", "0 to 1")
        try Self.require((0...100_000).contains(motion.lateHours), "--late-hours", "0 to 100000")
        try Self.require((1...100_000).contains(motion.ties), "--ties", "1 to 100000")
    }

    private static func isShare(_ value: Double) -> Bool {
        (0...1).contains(value)
    }

    static func require(_ holds: Bool, _ setting: String, _ rule: String) throws(SimulatorConfigurationError) {
        guard holds else { throw SimulatorConfigurationError(setting: setting, rule: rule) }
    }
}

extension SimulatorConfiguration.Listing {
    /// Checks every value; throws ``SimulatorConfigurationError`` for the first that makes no sense.
    package func validate() throws(SimulatorConfigurationError) {
        func require(_ holds: Bool, _ setting: String, _ rule: String) throws(SimulatorConfigurationError) {
            try SimulatorConfiguration.require(holds, setting, rule)
        }
        let zones = -1_440...1_440
        try require((1...1_000).contains(defaultLimit), "--default-limit", "1 to 1000")
        try require((1...1_000).contains(limitCap), "--limit-cap", "1 to 1000")
        try require(zones.contains(filterOffsetMinutes), "--filter-offset-minutes", "-1440 to 1440")
        try require(
            filterChanges.allSatisfy { zones.contains($0.offsetMinutes) }, "--filter-change", "-1440 to 1440 minutes")
        try require(zones.contains(summerTime?.minutes ?? 0), "--summer-time", "-1440 to 1440 minutes")
        try require((0...1_000_000_000).contains(totalMode.number ?? 0), "--total", "a mode with at most 1000000000")
        try require((maxOffset ?? 0) >= 0, "--max-offset", "not negative")
        try require((0...1_000_000).contains(doubled?.count ?? 0), "--doubled", "0 to 1000000 rows")
        try require((1...1_000).contains(pageCycle ?? 1), "--page-cycle", "1 to 1000")
    }
}

extension SimulatorConfiguration.Listing {
    /// Sets what the command line's option `name` sets, without its dashes, from its text. `none` takes a setting back
    /// that may be absent; `filter-change` adds a change, and what is a flag there is `on` or `off` here.
    ///
    /// - Throws: ``SimulatorConfigurationError`` if there is no such option, or it has no such value.
    package mutating func set(_ name: String, _ text: String) throws(SimulatorConfigurationError) {
        switch name {
        case "order": order = try Self.value(name, text) { EventOrder(rawValue: $0) }
        case "default-limit": defaultLimit = try Self.value(name, text) { Int($0) }
        case "limit-cap": limitCap = try Self.value(name, text) { Int($0) }
        case "next-style": nextStyle = try Self.value(name, text) { NextStyle(rawValue: $0) }
        case "total": totalMode = try Self.value(name, text) { TotalMode($0) }
        case "next-from": nextRule = try Self.value(name, text) { NextRule(rawValue: $0) }
        case "max-offset": maxOffset = try Self.optional(name, text) { Int($0) }
        case "doubled": doubled = try Self.optional(name, text) { DoubledRows($0) }
        case "page-cycle": pageCycle = try Self.optional(name, text) { Int($0) }
        case "shuffle-members": shufflesMembers = try Self.value(name, text, Self.isOn)
        case "end-date-exclusive": endDateInclusive = try !Self.value(name, text, Self.isOn)
        case "filter-offset-minutes": filterOffsetMinutes = try Self.value(name, text) { Int($0) }
        case "filter-change":
            let change = try Self.optional(name, text) { FilterChange($0) }
            filterChanges = change.map { filterChanges + [$0] } ?? []
        case "summer-time": summerTime = try Self.optional(name, text) { SummerTime($0) }
        case "honor-ordering": honorsOrdering = try Self.value(name, text, Self.isOn)
        case "whitespace": whitespace = try Self.value(name, text) { WhitespaceStyle(rawValue: $0) }
        default: throw SimulatorConfigurationError(setting: "--\(name)", rule: "an option that says how lists are")
        }
    }

    private static func value<Value>(
        _ name: String, _ text: String, _ read: (String) -> Value?
    ) throws(SimulatorConfigurationError) -> Value {
        guard let value = read(text) else {
            throw SimulatorConfigurationError(setting: "--\(name)", rule: "readable (not \"\(text)\")")
        }
        return value
    }

    private static func optional<Value>(
        _ name: String, _ text: String, _ read: (String) -> Value?
    ) throws(SimulatorConfigurationError) -> Value? {
        text == "none" ? nil : try value(name, text, read)
    }

    private static func isOn(_ text: String) -> Bool? {
        ["on": true, "off": false][text]
    }
}
