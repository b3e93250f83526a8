/// What kind of events an ``EventGenerator`` makes.
package struct EventTraits: Equatable, Sendable {
    /// Id of the tenant every event names.
    package var organizationID = "org_123456"
    /// Name of that tenant, unescaped.
    package var organizationName = "Acme Corp"
    /// Share of events, 0 to 1, that name another organization (`org_foreign`).
    package var foreignShare = 0.0
    /// Share of events, 0 to 1, for each kind of odd record; together at most 1.
    package var oddShares: [OddRecord: Double] = [:]
    /// Whether texts may hold the escape of half a surrogate pair: legal JSON grammar that many parsers refuse.
    package var loneSurrogates = false

    /// Ordinary events of Acme Corp.
    package init() {}

    /// Kinds in one fixed order, so that a draw does not depend on hashing.
    var odds: [(kind: OddRecord, share: Double)] {
        OddRecord.allCases.compactMap { kind in oddShares[kind].map { (kind, $0) } }
    }
}
