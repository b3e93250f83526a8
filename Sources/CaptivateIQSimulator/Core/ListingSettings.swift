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
