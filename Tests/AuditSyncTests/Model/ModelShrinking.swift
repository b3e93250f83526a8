import CaptivateIQSimulator

/// Makes a case smaller as long as the same kind of thing stays wrong with it.
enum ModelShrinking {
    /// The smallest case found that is still wrong, and what is wrong with it.
    static func shrunk(_ model: ModelCase) async throws -> (model: ModelCase, violations: [String]) {
        var best = model
        var violations = try await ModelRun.violations(of: model)
        var isSmaller = true
        while isSmaller && !violations.isEmpty {
            isSmaller = false
            for candidate in candidates(best) {
                let found = try await ModelRun.violations(of: candidate)
                guard found.first.map(kind) == violations.first.map(kind) else { continue }
                (best, violations, isSmaller) = (candidate, found, true)
                break
            }
        }
        return (best, violations)
    }

    /// What stands in brackets.
    private static func kind(_ violation: String) -> Substring { violation.prefix { $0 != "]" } }

    private static func candidates(_ model: ModelCase) -> [ModelCase] {
        var candidates: [ModelCase] = []
        func add(_ change: (inout ModelCase) -> Void) {
            var candidate = model
            change(&candidate)
            if candidate.description != model.description { candidates.append(candidate) }
        }
        for index in model.rounds.indices { add { $0.rounds.remove(at: index) } }
        for index in model.rounds.indices {
            for change in model.rounds[index].changes.indices { add { $0.rounds[index].changes.remove(at: change) } }
            add { $0.rounds[index].stop = nil }
            add { $0.rounds[index].isMoving = false }
            add { $0.rounds[index].skew = 0 }
            add { $0.rounds[index].hasDate = true }
            add { $0.rounds[index].zone = nil }
            add { $0.rounds[index].zoneInRun = nil }
            add { $0.rounds[index].isTurned = nil }
            add { $0.rounds[index].limitCap = nil }
            add { $0.rounds[index].cycles = false }
            add { $0.rounds[index].latency = 0 }
            add { $0.rounds[index].windowPages = nil }
            add { $0.rounds[index].start = nil }
        }
        add { model in
            for index in model.rounds.indices { model.rounds[index].lookback = ModelRound.shortestLookback }
        }
        add { $0.configuration.listing.totalMode = .exact }
        add { $0.configuration.listing.nextRule = .list }
        add { $0.configuration.listing.doubled = nil }
        add { $0.configuration.listing.summerTime = nil }
        add { $0.configuration.listing.shufflesMembers = false }
        add { $0.configuration.listing.nextStyle = .absolute }
        add { $0.configuration.listing.order = .ascending }
        add { $0.configuration.listing.limitCap = 1_000 }
        add { $0.configuration.listing.filterOffsetMinutes = 0 }
        add { $0.configuration.listing.endDateInclusive = true }
        add { $0.configuration.population.traits.oddShares = [:] }
        add { $0.configuration.population.count /= 2 }
        add { $0.compacts = false }
        add { $0.cutsOffsets = false }
        add { $0.slips = false }
        add { $0.late = false }
        add { $0.removes = false }
        add { $0.concurrency = 1 }
        add { $0.pageSize = 25 }
        return candidates
    }
}
