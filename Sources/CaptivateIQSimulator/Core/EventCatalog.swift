/// The events of the simulated organization: those seen, those not seen yet, those gone.
struct EventCatalog: Sendable {
    private let population: SimulatorConfiguration.Population
    private let generator: EventGenerator
    private var arena = EventArena()
    private var random: SeededGenerator

    /// Every event that ever was, by number.
    private(set) var events: [StoredEvent] = []
    /// Numbers of the events that can be seen, by (time, id).
    private(set) var visible: [Int32] = []
    /// Numbers of those to be seen later, the next one last.
    private var hidden: [Int32] = []
    /// Numbers of those that were removed.
    private var purged: [Int32] = []
    /// Changes whenever `visible` does.
    private(set) var generation = 0

    init(_ population: SimulatorConfiguration.Population, now: Int64) {
        self.population = population
        generator = EventGenerator(seed: population.seed, traits: population.traits)
        random = SeededGenerator(seed: population.seed, stream: .max - 1)
        events.reserveCapacity(population.count)
        let until = population.until ?? now - CivilTime.second
        let times = EventTimeline.times(
            count: population.count, days: population.days, until: until, seed: population.seed)
        for time in times {
            append(at: time, finest: false)
        }
        sortNew(from: 0, now: now)
    }

    /// Lets events be seen whose time has come.
    mutating func reveal(now: Int64) {
        while let next = hidden.last, events[Int(next)].visibleAt <= now {
            hidden.removeLast()
            insert(next)
        }
    }

    /// Adds `count` new events at the newest end, or up to `lateHours` back for a share of them.
    mutating func arrive(count: Int, motion: SimulatorConfiguration.Motion, now: Int64) {
        let first = events.count
        let newest = visible.last.map { events[Int($0)].createdAt } ?? now - CivilTime.second
        // New events lie after the newest one and not in the future, unless the newest is itself not in the past.
        let start = newest < now ? max(newest, now - CivilTime.second) : newest
        let span = max(now - start, Int64(count))
        let groups = (count + motion.ties - 1) / motion.ties
        for group in 0..<groups {
            let late = random.chance(motion.lateShare)
            let back = Int64(random.unit() * motion.lateHours * Double(CivilTime.hour))
            let time = late ? now - back : start + span * Int64(group + 1) / Int64(groups)
            for _ in 0..<min(motion.ties, count - group * motion.ties) {
                append(at: time, finest: true)
            }
        }
        sortNew(from: first, now: now)
    }

    /// Removes the `count` oldest events that can be seen.
    mutating func purge(count: Int) {
        let gone = visible.prefix(count)
        guard !gone.isEmpty else { return }
        purged.append(contentsOf: gone)
        visible.removeFirst(gone.count)
        generation += 1
    }

    /// Positions in `visible` of the events from `lower` up to, not including, `upper` (microseconds since 1970).
    func range(from lower: Int64?, to upper: Int64?) -> Range<Int> {
        let start = lower.map(position) ?? 0
        let end = upper.map(position) ?? visible.count
        return start..<max(start, end)
    }

    /// All events an archive should hold by now, in its order: odd records are not among them.
    func archivable(includingPurged: Bool) -> [StoredEvent] {
        let numbers = includingPurged ? purged + visible : visible
        let found = numbers.map { events[Int($0)] }.filter { !$0.isOdd }
        return includingPurged ? found.sorted { $0.precedes($1) } : found
    }

    mutating func markServed(_ number: Int32) {
        events[Int(number)].wasServed = true
    }

    /// Appends the bytes of an event as they were first made.
    func copyOriginal(_ event: StoredEvent, to out: inout [UInt8]) {
        arena.copy(event.location, to: &out)
    }

    /// Appends the bytes of an event as they are served now: a changing one has another field once it was served.
    func copyServed(_ event: StoredEvent, to out: inout [UInt8]) {
        guard event.changes, event.wasServed else { return copyOriginal(event, to: &out) }
        arena.copy(event.location, dropping: 1, to: &out)
        out.append(contentsOf: #","revision":2}"#.utf8)
    }

    private func position(of time: Int64) -> Int {
        var (low, high) = (0, visible.count)
        while low < high {
            let middle = (low + high) / 2
            if events[Int(visible[middle])].createdAt < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func append(at time: Int64, finest: Bool) {
        let number = UInt64(events.count)
        let (location, facts) = arena.append { [generator] out in
            generator.append(number: number, at: time, finest: finest, to: &out)
        }
        let changes = population.changedShare > 0 && facts.oddity == nil && random.chance(population.changedShare)
        events.append(
            StoredEvent(
                location: location, id: facts.id, createdAt: facts.createdAt,
                visibleAt: visibility(createdAt: facts.createdAt), person: Int16(facts.person),
                isOdd: facts.oddity != nil, changes: changes))
    }

    private mutating func visibility(createdAt: Int64) -> Int64 {
        guard population.delayedShare > 0, random.chance(population.delayedShare) else { return .min }
        return createdAt + Int64(random.unit() * population.delayedHours * Double(CivilTime.hour))
    }

    /// Puts the events from number `first` on where they belong.
    private mutating func sortNew(from first: Int, now: Int64) {
        let numbers = (first..<events.count).map { Int32($0) }
        let seen = numbers.filter { events[Int($0)].visibleAt <= now }
        if visible.isEmpty {
            visible = seen.sorted { events[Int($0)].precedes(events[Int($1)]) }
            generation += 1
        } else {
            for number in seen { insert(number) }
        }
        guard seen.count < numbers.count else { return }
        hidden.append(contentsOf: numbers.filter { events[Int($0)].visibleAt > now })
        hidden.sort { events[Int($0)].visibleAt > events[Int($1)].visibleAt }
    }

    private mutating func insert(_ number: Int32) {
        let event = events[Int(number)]
        var (low, high) = (0, visible.count)
        while low < high {
            let middle = (low + high) / 2
            if events[Int(visible[middle])].precedes(event) { low = middle + 1 } else { high = middle }
        }
        visible.insert(number, at: low)
        generation += 1
    }
}
