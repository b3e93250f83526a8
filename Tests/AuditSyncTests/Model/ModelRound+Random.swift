import TestSupport

extension ModelRound {
    /// The filter's zones, in minutes.
    static let zones = [-720, -300, 0, 0, 0, 330, 840]

    /// Draws a round. Everything is drawn, and left out afterwards where `features` do not have it.
    init(_ random: inout SeededRandom, _ features: Set<ModelFeature>) {
        let isLong = Int.random(in: 0..<6, using: &random) == 0
        let (short, long) = (
            Int.random(in: 0...100_000, using: &random), Int.random(in: 100_000...6_900_000, using: &random)
        )
        pause = isLong && features.contains(.pauses) ? long : short
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let change = Change(&random)
            if change.feature.map(features.contains) ?? true { changes.append(change) }
        }
        if pause > 200_000 { changes.append(.arriveAllAlong(.random(in: 5...60, using: &random))) }
        let (drawn, feature) = Self.command(&random)
        command = feature.map(features.contains) ?? true ? drawn : .sync
        let stop = Self.stop(&random)
        if Int.random(in: 0..<3, using: &random) == 0, features.contains(stop.feature) { self.stop = stop }
        if case .rebuild = command, let stop = self.stop, stop.feature == .stops { self.stop = nil }
        isMoving = .random(using: &random)
        latency = [0, 0, 4, 20].randomElement(using: &random) ?? 0
        let skews = [-864_000, -86_400, -7_200, 7_200, 86_400, 864_000, 2_592_000]
        let skew = skews.randomElement(using: &random) ?? 0
        if Int.random(in: 0..<5, using: &random) == 0 && features.contains(.clocks) { self.skew = skew }
        hasDate = !(Int.random(in: 0..<4, using: &random) == 0 && features.contains(.dateless))
        let zone = Self.zones.randomElement(using: &random)
        if Int.random(in: 0..<4, using: &random) == 0 && features.contains(.zones) { self.zone = zone }
        let inRun = (Int.random(in: 2...12, using: &random), Self.zones.randomElement(using: &random) ?? 0)
        if Int.random(in: 0..<10, using: &random) == 0 && features.contains(.zonesInRun) { zoneInRun = inRun }
        cycles = Int.random(in: 0..<20, using: &random) == 0 && features.contains(.cycles)
        let pages = Int.random(in: 1...4, using: &random)
        windowPages = Int.random(in: 0..<2, using: &random) == 0 ? pages : nil
        seed = random.next()
        // By numbers of their own, so that the rounds after it are the same without.
        var others = SeededRandom(seed: seed)
        let start = Int.random(in: -24...200, using: &others)
        if Int.random(in: 0..<3, using: &others) == 0 && features.contains(.starts) { self.start = start }
    }

    private static func command(_ random: inout SeededRandom) -> (Command, ModelFeature?) {
        let day = { (random: inout SeededRandom) in
            Bool.random(using: &random) ? nil : Int?.some(.random(in: 2...12, using: &random))
        }
        let (from, to) = (day(&random), day(&random))
        let range = from.flatMap { from in to.map { (max(from, $0), min(from, $0)) } }
        let (first, last) = range.map { (Int?.some($0.0), Int?.some($0.1)) } ?? (from, to)
        let damage = Damage.allCases.randomElement(using: &random) ?? .none
        let restore = Restore.allCases.randomElement(using: &random) ?? .all
        let age = Int.random(in: 0...2, using: &random)
        let days = Int.random(in: 1...12, using: &random)
        return switch Int.random(in: 0..<20, using: &random) {
        case 0..<9: (.sync, nil)
        case 9: (.reconcile(repairs: false, from: first, to: last), .reconcile)
        case 10...11: (.reconcile(repairs: true, from: first, to: last), .repair)
        case 12...13: (.rebuild(damage), .rebuild)
        case 14...16: (.compact, .compact)
        case 17: (.prune(keeping: days), .prune)
        default: (.restore(restore, age: age), .restore)
        }
    }

    private static func stop(_ random: inout SeededRandom) -> Stop {
        let request = Int.random(in: 1...20, using: &random)
        let seconds = Int.random(in: 1...60, using: &random)
        let call = Int.random(in: 1...250, using: &random)
        return switch Int.random(in: 0..<6, using: &random) {
        case 0...1: .failure(request)
        case 2...3: .cancellation(request)
        case 4: .duration(seconds)
        default: .death(call)
        }
    }
}

extension ModelRound.Stop {
    /// The feature that it belongs to.
    var feature: ModelFeature {
        switch self {
        case .failure, .cancellation, .duration: .stops
        case .death: .deaths
        }
    }
}

extension ModelRound.Change {
    fileprivate init(_ random: inout SeededRandom) {
        let (few, many) = (Int.random(in: 1...4, using: &random), Int.random(in: 1...30, using: &random))
        let (ties, hours) = (Int.random(in: 1...3, using: &random), Int.random(in: 1...400, using: &random))
        self =
            switch Int.random(in: 0..<14, using: &random) {
            case 0...3: .arrive(many, ties: ties)
            case 4...5: .arriveLate(few)
            case 6: .arriveAhead(hours: hours)
            case 7...8: .purge(few)
            case 9...10: .remove(few)
            case 11...12: .move(few)
            default: .edit(few)
            }
    }

    fileprivate var feature: ModelFeature? {
        switch self {
        case .arrive, .arriveAllAlong: nil
        case .arriveLate: .late
        case .arriveAhead: .future
        case .purge, .remove: .removals
        case .move: .moves
        case .edit: .edits
        }
    }
}
