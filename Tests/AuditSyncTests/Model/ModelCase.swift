import CaptivateIQSimulator
import TestSupport

/// One random course: a server, and what it and the commands do. The same seed gives the same case.
///
/// Some courses are left out because no client could get through them:
/// - A page that the server cut below what was asked for, with a total that ends just there and no `next`, is the end by
///   all that can be seen. So where a total can be too low and `next` does not go by the list, `limit` is not cut.
/// - The same holds for a total that is too low where deep offsets are cut, so offsets are cut only where it is not.
/// - A day on which the API lists no more than it has cannot be divided, so an offset is cut only as deep as the fullest
///   days are (see ``ModelRun``).
/// - An event dated in the future moves `synced_to` if the clock says that it is past and no `Date` denies it. So there are
///   no such events, also none that were moved there, where the clock is ahead without `Date`.
/// - A list that holds many of its rows twice, far apart, is sorted in no way, so a tenth of them are doubled at most.
/// - Equal times in another order each time are read on one page, so a page has room for a group of them. A row that such a
///   list holds twice has both next to each other, where its time is: else pages share rows that prove nothing, however
///   often they are read, and contradict each other (76).
struct ModelCase: Sendable {
    let seed: UInt64
    let features: Set<ModelFeature>
    var pageSize: Int
    var concurrency: Int
    var removes: Bool
    var late: Bool
    var slips: Bool
    /// Whether offsets are cut as deep as the fullest days are.
    var cutsOffsets: Bool
    /// Whether totals and `next` say nothing of that.
    var cutsSilently = false
    /// Whether the server's lists are still odd when all is quiet.
    var staysOdd: Bool
    /// Whether syncs merge closed days.
    var compacts = false
    var configuration: SimulatorConfiguration
    var rounds: [ModelRound]

    init(seed: UInt64, features: Set<ModelFeature> = ModelFeature.current) {
        self.seed = seed
        self.features = features
        var random = SeededRandom(seed: seed)
        // Everything is drawn, whatever the features, so that the rest of a case does not depend on them.
        pageSize = .random(in: 2...25, using: &random)
        concurrency = .random(in: 1...4, using: &random)
        removes = .random(using: &random) && features.contains(.removals)
        late = .random(using: &random) && features.contains(.late)
        slips = Int.random(in: 0..<4, using: &random) == 0 && features.contains(.slips)
        staysOdd = .random(using: &random)
        var configuration = SimulatorConfiguration()
        configuration.population.seed = seed
        configuration.population.count = .random(in: 0...70, using: &random)
        configuration.population.days = .random(in: 1...12, using: &random)
        let delayed = Bool.random(using: &random)
        configuration.population.delayedShare = late && delayed ? 0.2 : 0
        if Int.random(in: 0..<6, using: &random) == 0 && features.contains(.odd) {
            // No two of the same content: among ties that change places nobody could tell which of them were seen.
            configuration.population.traits.oddShares = [.noID: 0.1, .noCreatedAt: 0.05]
        }
        configuration.listing = Self.listing(&random, features)
        cutsOffsets = Int.random(in: 0..<6, using: &random) == 0 && features.contains(.offsets)
        self.configuration = configuration
        var rounds: [ModelRound] = []
        for _ in 0..<Int.random(in: 1...6, using: &random) { rounds.append(ModelRound(&random, features)) }
        if Int.random(in: 0..<3, using: &random) == 0 {
            rounds = ModelTemplate.drawn.randomElement(using: &random)?.rounds(&random, features) ?? rounds
        }
        self.rounds = rounds
        compacts = .random(using: &random) && features.contains(.compact)
        growLookback()
        takeOtherCommands()
        changeListing()
        leaveOutTheImpossible()
        cutSilently()
    }

    private static func listing(
        _ random: inout SeededRandom, _ features: Set<ModelFeature>
    ) -> SimulatorConfiguration.Listing {
        var listing = SimulatorConfiguration.Listing()
        let order = EventOrder.allCases.randomElement(using: &random) ?? .ascending
        listing.order = order == .shuffledTies && !features.contains(.ties) ? .ascending : order
        let cap = Int.random(in: 3...25, using: &random)
        listing.limitCap = .random(using: &random) ? 1_000 : cap
        listing.endDateInclusive = .random(using: &random)
        listing.filterOffsetMinutes = ModelRound.zones.randomElement(using: &random) ?? 0
        listing.nextStyle = NextStyle.allCases.randomElement(using: &random) ?? .absolute
        let modes: [TotalMode] = [
            .exact, .exact, .exact, .page, .running, .capped(.random(in: 3...60, using: &random)),
            .plus(.random(in: 1...3, using: &random)), .minus(.random(in: 1...3, using: &random)), .zero
        ]
        let mode = modes.randomElement(using: &random) ?? .exact
        let byTotal = Int.random(in: 0..<3, using: &random) == 0
        if features.contains(.totals) {
            listing.totalMode = mode
            listing.nextRule = byTotal ? .total : .list
        }
        let doubled = DoubledRows(
            count: .random(in: 1...3, using: &random), areFarApart: .random(using: &random),
            areCounted: .random(using: &random))
        if Int.random(in: 0..<5, using: &random) == 0 && features.contains(.doubled) { listing.doubled = doubled }
        let shuffles = Int.random(in: 0..<8, using: &random) == 0
        listing.shufflesMembers = shuffles && features.contains(.members)
        let hasSummer = Int.random(in: 0..<8, using: &random) == 0
        if hasSummer && features.contains(.zones) { listing.summerTime = SummerTime("2026-02-24/2026-03-04:60") }
        return listing
    }

    /// Whether what `total_count` says can be less than there is.
    var understates: Bool {
        let listing = configuration.listing
        if listing.doubled?.areCounted == false { return true }
        return switch listing.totalMode {
        case .exact, .plus: false
        case .page, .running, .capped, .minus, .zero: true
        }
    }

    /// Whether some commands look back longer than others.
    var growsLookback: Bool { rounds.contains { $0.lookback > ModelRound.shortestLookback } }

    /// Has the commands of every fifth case look back longer from one of the rounds on, by numbers of their own.
    private mutating func growLookback() {
        guard seed % 5 == 1, features.contains(.lookbacks) else { return }
        var random = SeededRandom(seed: seed)
        var (first, hours) = (
            Int.random(in: 0..<rounds.count, using: &random), Int.random(in: 30...120, using: &random)
        )
        if .random(using: &random) && features.contains(.stops) {
            rounds = ModelTemplate.grown.rounds(&random, features)
            (first, hours) = (2, .random(in: 48...300, using: &random))
        }
        for index in rounds.indices.dropFirst(first) { rounds[index].lookback = hours }
    }

    /// Has some commands in place of those drawn, by numbers of their own.
    private mutating func takeOtherCommands() {
        var random = SeededRandom(seed: ~seed)
        for index in rounds.indices.dropFirst() {
            let (kind, place) = (Int.random(in: 0..<16, using: &random), Int.random(in: 0..<1_000, using: &random))
            let (last, length) = (Int.random(in: 2...12, using: &random), Int.random(in: 0...6, using: &random))
            let other: (command: ModelRound.Command, feature: ModelFeature)? =
                switch kind {
                case 0...1: (.erase(place: place), .erase)
                case 2: (.hold(from: last + length, to: last), .hold)
                case 3: (.acceptGone(from: length > 3 ? nil : last + length, to: last), .acceptGone)
                case 4: (.retryQuarantine, .retryQuarantine)
                default: nil
                }
            if let other, features.contains(other.feature) { rounds[index].command = other.command }
        }
    }

    /// Has lists turned round and pages cut between commands, by numbers of their own.
    private mutating func changeListing() {
        var random = SeededRandom(seed: seed &+ 1 << 32)
        for index in rounds.indices.dropFirst() {
            let (turns, isTurned) = (Int.random(in: 0..<6, using: &random) == 0, Bool.random(using: &random))
            let (cuts, cap) = (Int.random(in: 0..<6, using: &random) == 0, Int.random(in: 3...40, using: &random))
            if turns && features.contains(.orders) { rounds[index].isTurned = isTurned }
            if cuts && features.contains(.limits) { rounds[index].limitCap = cap }
        }
    }

    /// Has some servers hide that they cut lists, by numbers of their own.
    private mutating func cutSilently() {
        var random = SeededRandom(seed: seed &+ 1 << 33)
        let (cuts, hides) = (Int.random(in: 0..<5, using: &random) == 0, Bool.random(using: &random))
        guard features.contains(.silentCuts), configuration.listing.totalMode == .exact,
            configuration.listing.doubled == nil, configuration.population.traits.oddShares.isEmpty
        else { return }
        cutsSilently = cutsOffsets ? hides : cuts
        cutsOffsets = cutsOffsets || cutsSilently
    }

    private mutating func leaveOutTheImpossible() {
        let hasNext = ![.alwaysNull, .missing].contains(configuration.listing.nextStyle)
        if understates && (configuration.listing.nextRule == .total || !hasNext) {
            configuration.listing.limitCap = 1_000
            for index in rounds.indices { rounds[index].limitCap = nil }
        }
        // The records that are no events are in no history, so that nobody knows how full a day is.
        if understates || !configuration.population.traits.oddShares.isEmpty { cutsOffsets = false }
        let doubled = configuration.listing.doubled?.count ?? 0
        configuration.population.count = max(configuration.population.count, 10 * doubled)
        if configuration.listing.order == .shuffledTies {
            // A record without a time may stand among any others.
            configuration.population.traits.oddShares = [:]
            let room = configuration.listing.doubled == nil ? 14 : 28
            pageSize = max(pageSize, room)
            configuration.listing.limitCap = max(configuration.listing.limitCap, room)
            configuration.listing.doubled?.areFarApart = false
            for index in rounds.indices { rounds[index].limitCap = nil }
        }
        if rounds.contains(where: { $0.skew > 0 && !$0.hasDate }) {
            for index in rounds.indices { rounds[index].changes.removeAll(where: \.mayDateAhead) }
        }
    }
}

extension ModelRound.Change {
    fileprivate var mayDateAhead: Bool {
        switch self {
        case .arriveAhead, .move: true
        default: false
        }
    }
}

extension ModelCase: CustomStringConvertible {
    var description: String {
        let listing = configuration.listing
        var words = [
            "\(listing.order)", "\(configuration.population.count) events in \(configuration.population.days) days",
            "pages of \(pageSize) (server's most \(listing.limitCap))", "\(concurrency) at once",
            "total \(listing.totalMode), next by \(listing.nextRule), \(listing.nextStyle)",
            "zone \(listing.filterOffsetMinutes), end \(listing.endDateInclusive ? "inclusive" : "exclusive")"
        ]
        if let doubled = listing.doubled { words.append("doubled \(doubled)") }
        if let summer = listing.summerTime { words.append("summer \(summer)") }
        if cutsOffsets { words.append(cutsSilently ? "cuts offsets without a word" : "cuts offsets") }
        if listing.shufflesMembers { words.append("shuffles members") }
        if compacts { words.append("compacts") }
        if removes { words.append("removes") }
        if late { words.append("late") }
        if slips { words.append("slips") }
        if staysOdd { words.append("stays odd") }
        let course = rounds.enumerated().map { "\n  \($0 + 1). \($1)" }.joined()
        return "seed \(seed): \(words.joined(separator: "; "))\(course)"
    }
}
