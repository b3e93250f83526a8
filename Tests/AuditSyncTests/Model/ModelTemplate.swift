import TestSupport

/// Courses that are rare where every round is drawn alone: those in which what is remembered of one history meets another.
enum ModelTemplate {
    /// A copy of before the last sync is put back, another command commits, and a sync follows.
    case restored
    /// The same while a backfill stands between two windows; or its zone changes there.
    case interrupted
    /// An event is dated in the future, then a long pause, and a command that is no sync archives some of what came.
    case longPause
    /// A backfill stands between two windows when the look-back grows, and events are late by more than before.
    case grown

    /// Those that a case draws from.
    static let drawn: [ModelTemplate] = [.restored, .interrupted, .longPause]

    /// The rounds of such a course.
    func rounds(_ random: inout SeededRandom, _ features: Set<ModelFeature>) -> [ModelRound] {
        switch self {
        case .restored:
            return [
                plain(&random, features),
                plain(&random, features, .arrive(.random(in: 10...30, using: &random), ties: 2)),
                restore(&random, features), bystander(&random, features), plain(&random, features)
            ]
        case .interrupted:
            return [
                interrupted(&random, features), interrupted(&random, features), restore(&random, features),
                bystander(&random, features), interrupted(&random, features)
            ]
        case .longPause:
            let hours = Int.random(in: 24...1_500, using: &random)
            var bystander = bystander(&random, features)
            bystander.pause = .random(in: 200_000...6_900_000, using: &random)
            if !features.contains(.pauses) { bystander.pause %= 100_000 }
            bystander.changes = [.arriveAllAlong(.random(in: 10...60, using: &random))]
            return [
                plain(&random, features),
                plain(&random, features, features.contains(.future) ? .arriveAhead(hours: hours) : nil), bystander,
                plain(&random, features)
            ]
        case .grown:
            let late = ModelRound.Change.arriveLate(.random(in: 4...20, using: &random))
            var grown = Bool.random(using: &random) ? interrupted(&random, features) : plain(&random, features)
            grown.changes = features.contains(.late) ? [late] : []
            grown.pause = .random(in: 0...200_000, using: &random)
            return [interrupted(&random, features), interrupted(&random, features), grown, plain(&random, features)]
        }
    }

    /// A sync that nothing disturbs, soon after the round before.
    private func plain(
        _ random: inout SeededRandom, _ features: Set<ModelFeature>, _ change: ModelRound.Change? = nil
    ) -> ModelRound {
        var round = ModelRound(&random, features)
        round.command = .sync
        round.stop = nil
        round.skew = 0
        round.isMoving = false
        round.zone = nil
        round.zoneInRun = nil
        round.cycles = false
        round.pause = .random(in: 0...10_000, using: &random)
        round.changes = change.map { [$0] } ?? []
        return round
    }

    /// A sync in windows of a page or two that is stopped, perhaps after the filter's zone changed.
    private func interrupted(_ random: inout SeededRandom, _ features: Set<ModelFeature>) -> ModelRound {
        var round = plain(&random, features)
        round.windowPages = .random(in: 1...2, using: &random)
        round.latency = 6
        let stop = ModelRound.Stop.failure(.random(in: 2...12, using: &random))
        let zone = ModelRound.zones.randomElement(using: &random)
        if features.contains(.stops) { round.stop = stop }
        if .random(using: &random) && features.contains(.zones) { round.zone = zone }
        return round
    }

    private func restore(_ random: inout SeededRandom, _ features: Set<ModelFeature>) -> ModelRound {
        var round = plain(&random, features)
        let what = [ModelRound.Restore.allButPrivate, .allButPrivate, .onlyPrivate, .all].randomElement(using: &random)
        if features.contains(.restore) { round.command = .restore(what ?? .all, age: 1) }
        return round
    }

    /// A command that is no sync, and commits.
    private func bystander(_ random: inout SeededRandom, _ features: Set<ModelFeature>) -> ModelRound {
        var round = plain(&random, features)
        let commands: [(ModelRound.Command, ModelFeature)] = [
            (.reconcile(repairs: false, from: nil, to: nil), .reconcile),
            (.reconcile(repairs: true, from: nil, to: .random(in: 2...6, using: &random)), .repair),
            (.reconcile(repairs: true, from: nil, to: nil), .repair),
            (.rebuild(ModelRound.Damage.allCases.randomElement(using: &random) ?? .none), .rebuild)
        ]
        let (command, feature) = commands.randomElement(using: &random) ?? commands[0]
        if features.contains(feature) { round.command = command }
        let stop = ModelRound.Stop.cancellation(.random(in: 2...8, using: &random))
        if .random(using: &random) && feature == .repair && features.contains(.stops) { round.stop = stop }
        return round
    }
}
