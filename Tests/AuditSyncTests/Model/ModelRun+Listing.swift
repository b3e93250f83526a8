import CaptivateIQSimulator
import CivilTime
import SyncTestSupport

extension ModelRun {
    /// Makes the server list as the round has it; without oddities if it is not `isOdd`.
    func setListing(_ round: ModelRound, isOdd: Bool) throws {
        var listing = model.configuration.listing
        listing.filterOffsetMinutes = zone
        listing.limitCap = limitCap
        if isTurned { listing.order = listing.order.turned }
        listing.filterChanges =
            round.zoneInRun.map { [FilterChange(at: .request($0.request), offsetMinutes: $0.minutes)] } ?? []
        listing.pageCycle = round.cycles ? 2 : nil
        if isOdd {
            listing.maxOffset = model.cutsOffsets ? deepestOffset : nil
            if model.cutsSilently, let most = listing.maxOffset { listing.cut(to: most) }
        } else {
            listing.totalMode = .exact
            listing.nextRule = .list
            listing.doubled = nil
        }
        try harness.core.setListing(listing)
    }

    /// An offset that reaches all that any three days hold: of a day alone no client could list more.
    private var deepestOffset: Int {
        let days = harness.core.histories(at: SimulatorInstant(harness.clock)).filter(\.isListed)
            .map { Timestamp(microseconds: $0.createdAt).day }
        let counts = Dictionary(grouping: days) { $0 }.mapValues(\.count)
        let fullest = counts.keys.map { day in (-2...2).reduce(0) { $0 + (counts[day.advanced(by: $1)] ?? 0) } }.max()
        return rows(of: fullest ?? 0) + 10
    }

    /// The most rows that a list of so many events has.
    func rows(of events: Int) -> Int {
        // Of those that arrived, as great a share is doubled as of the first ones.
        let doubled = harness.core.listing.doubled?.count ?? 0
        return events + min(events, doubled + events * doubled / max(1, model.configuration.population.count))
    }
}

extension EventOrder {
    /// The other order of a sorted list.
    fileprivate var turned: EventOrder {
        switch self {
        case .ascending: .descending
        case .descending: .ascending
        case .unordered, .shuffledTies: self
        }
    }
}
