/// The two limits of a tier (vendor's developer reference, "Rate limits").
package struct RateLimits: Sendable, Equatable {
    /// The tiers that have names.
    package enum Tier: String, CaseIterable, Sendable {
        case standard, enterprise
    }

    /// Requests in any second.
    package var perSecond: Int
    /// Requests in any hour.
    package var perHour: Int

    /// The limits of a tier.
    package init(_ tier: Tier) {
        switch tier {
        case .standard: (perSecond, perHour) = (5, 1500)
        case .enterprise: (perSecond, perHour) = (15, 6000)
        }
    }

    /// Reads the settings: what is given for one limit wins over the tier.
    package init(_ reader: inout SettingsReader) {
        self.init(reader.choice(.rateTier, Tier.self) ?? .standard)
        perSecond = reader.integer(.requestsPerSecond, 1...1000) ?? perSecond
        perHour = reader.integer(.requestsPerHour, 1...1_000_000) ?? perHour
    }
}
