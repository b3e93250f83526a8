import CaptivateIQSimulator
import TestSupport

/// One random course of events: a server, and how it and the syncs behave. The same seed gives the same case.
struct ModelCase {
    let seed: UInt64
    let order: EventOrder
    let pageSize: Int
    let concurrency: Int
    let rounds: Int
    /// Whether the oldest events are removed while they are listed.
    let purges: Bool
    /// Whether events become visible up to 20 h after they happened; the look-back is a day.
    let late: Bool
    /// Whether pages repeat or leave out rows at their edges now and then.
    let slips: Bool
    let configuration: SimulatorConfiguration
    /// Draws for all that happens on the way.
    let random: SeededRandom

    init(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        self.seed = seed
        order = EventOrder.allCases[Int(seed % UInt64(EventOrder.allCases.count))]
        pageSize = .random(in: 2...25, using: &random)
        concurrency = .random(in: 1...6, using: &random)
        rounds = .random(in: 1...4, using: &random)
        purges = .random(using: &random)
        late = .random(using: &random)
        slips = Int.random(in: 0..<3, using: &random) == 0
        var configuration = SimulatorConfiguration()
        configuration.population.seed = seed
        configuration.population.count = .random(in: 0...90, using: &random)
        configuration.population.days = .random(in: 1...12, using: &random)
        configuration.population.delayedShare = late && .random(using: &random) ? 0.2 : 0
        configuration.listing.order = order
        configuration.listing.limitCap = .random(using: &random) ? 1_000 : .random(in: 3...25, using: &random)
        configuration.listing.endDateInclusive = .random(using: &random)
        configuration.listing.filterOffsetMinutes = [-720, -300, 0, 0, 330, 840].randomElement(using: &random) ?? 0
        configuration.listing.nextStyle = NextStyle.allCases.randomElement(using: &random) ?? .absolute
        if Int.random(in: 0..<4, using: &random) == 0 {
            // No two of the same content: among ties that change places nobody could tell which of them were seen.
            configuration.population.traits.oddShares = [.noID: 0.1, .noCreatedAt: 0.05]
        }
        self.configuration = configuration
        self.random = random
    }
}

extension ModelCase: CustomStringConvertible {
    var description: String {
        "seed \(seed): \(order), pages of \(pageSize) (server's most \(configuration.listing.limitCap)), "
            + "\(concurrency) at once\(purges ? ", purges" : "")\(late ? ", late" : "")\(slips ? ", slips" : "")"
    }
}
