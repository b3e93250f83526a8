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
    private(set) var purgedNumbers: [Int32] = []
    /// Contents that events had before, the oldest first.
    private(set) var olderVersions: [Int32: [EventVersion]] = [:]
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
            append(at: time, finest: false, isAhead: false)
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

    /// Adds `count` new events at the newest end, or up to `lateHours` back for a share of them. Events that arrived with
    /// a time in the future are not what the others follow.
    mutating func arrive(count: Int, motion: SimulatorConfiguration.Motion, now: Int64) {
        let first = events.count
        let last = visible.last { !events[Int($0)].isAhead || events[Int($0)].createdAt <= now }
        let newest = last.map { events[Int($0)].createdAt } ?? now - CivilTime.second
        // New events lie after the newest one and not in the future, unless the newest is itself not in the past.
        let start = newest < now ? max(newest, now - CivilTime.second) : newest
        let span = max(now - start, Int64(count))
        let groups = (count + motion.ties - 1) / motion.ties
        for group in 0..<groups {
            let late = random.chance(motion.lateShare)
            let back = Int64(random.unit() * motion.lateHours * Double(CivilTime.hour))
            let time = late ? now - back : start + span * Int64(group + 1) / Int64(groups)
            for _ in 0..<min(motion.ties, count - group * motion.ties) {
                append(at: time, finest: true, isAhead: false)
            }
        }
        sortNew(from: first, now: now)
    }

    /// Removes the `count` oldest events that can be seen.
    mutating func purge(count: Int) {
        let gone = visible.prefix(count)
        guard !gone.isEmpty else { return }
        purgedNumbers.append(contentsOf: gone)
        visible.removeFirst(gone.count)
        generation += 1
    }

    /// Removes events.
    mutating func remove(_ numbers: [Int32]) {
        purgedNumbers.append(contentsOf: withdraw(numbers))
    }

    /// Takes events out of `visible`, and gives back which of them were there.
    @discardableResult mutating func withdraw(_ numbers: [Int32]) -> [Int32] {
        let gone = Set(numbers)
        let found = visible.filter(gone.contains)
        visible.removeAll(where: gone.contains)
        generation += 1
        return found
    }

    /// Positions in `visible` of the events from `lower` up to, not including, `upper` (microseconds since 1970).
    func range(from lower: Int64?, to upper: Int64?) -> Range<Int> {
        let start = lower.map(position) ?? 0
        let end = upper.map(position) ?? visible.count
        return start..<max(start, end)
    }

    /// All events an archive should hold by now, in its order: odd records are not among them.
    func archivable(includingPurged: Bool) -> [StoredEvent] {
        let numbers = includingPurged ? purgedNumbers + visible : visible
        let found = numbers.map { events[Int($0)] }.filter { !$0.isOdd }
        guard includingPurged || !olderVersions.isEmpty else { return found }
        return found.sorted { $0.precedesInArchive($1) }
    }

    mutating func markServed(_ number: Int32) {
        if !events[Int(number)].wasServed { events[Int(number)].original = events[Int(number)].version }
    }

    /// Appends the bytes of a version of an event.
    func copy(_ version: EventVersion, to out: inout [UInt8]) {
        guard version.revision > 1 else { return arena.copy(version.location, to: &out) }
        arena.copy(version.location, dropping: 1, to: &out)
        out.append(contentsOf: #","revision":\#(version.revision)}"#.utf8)
    }

    /// Changes what is known of an event, but for its place in lists.
    mutating func change(_ number: Int32, _ body: (inout StoredEvent) -> Void) {
        body(&events[Int(number)])
        generation += 1
    }

    /// Remembers an event's content before it changes.
    mutating func keepVersion(of number: Int32) {
        let event = events[Int(number)]
        olderVersions[number, default: []].append(event.version)
        if event.served != event.version { olderVersions[number, default: []].append(event.served) }
    }

    /// The bytes of an event with another time.
    mutating func rewritten(_ number: Int32, at time: Int64) -> EventVersion {
        let (location, facts) = arena.append { [generator] out in
            generator.append(number: UInt64(number), at: time, finest: true, to: &out)
        }
        return EventVersion(location: location, createdAt: facts.createdAt)
    }

    /// A number from 0 up to, not including, 1.
    mutating func draw() -> Double { random.unit() }

    private func position(of time: Int64) -> Int {
        var (low, high) = (0, visible.count)
        while low < high {
            let middle = (low + high) / 2
            if events[Int(visible[middle])].createdAt < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Makes an event that is not in any list yet.
    mutating func append(at time: Int64, finest: Bool, isAhead: Bool) {
        let number = UInt64(events.count)
        let (location, facts) = arena.append { [generator] out in
            generator.append(number: number, at: time, finest: finest, to: &out)
        }
        let changes = population.changedShare > 0 && facts.oddity == nil && random.chance(population.changedShare)
        events.append(
            StoredEvent(
                version: EventVersion(location: location, createdAt: facts.createdAt), id: facts.id,
                visibleAt: visibility(createdAt: facts.createdAt), person: Int16(facts.person),
                isOdd: facts.oddity != nil, changes: changes, isAhead: isAhead))
    }

    private mutating func visibility(createdAt: Int64) -> Int64 {
        guard population.delayedShare > 0, random.chance(population.delayedShare) else { return .min }
        return createdAt + Int64(random.unit() * population.delayedHours * Double(CivilTime.hour))
    }

    /// Puts the events from number `first` on where they belong.
    mutating func sortNew(from first: Int, now: Int64) {
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

    /// Puts an event into `visible`.
    mutating func insert(_ number: Int32) {
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

/// What a vendor may do to events that are there already.
extension EventCatalog {
    /// Adds events at exactly these times, microseconds since 1970; they are seen at once.
    mutating func add(at times: [Int64], now: Int64) {
        let first = events.count
        for time in times { append(at: time, finest: true, isAhead: time > now) }
        sortNew(from: first, now: .max)
    }

    /// Gives `count` of the events that can be seen, odd ones not, another time, up to `hours` away.
    mutating func move(count: Int, hours: Double) {
        for number in drawn(count) {
            let distance = Int64((draw() * 2 - 1) * hours * Double(CivilTime.hour))
            move(number, to: events[Int(number)].createdAt + distance)
        }
    }

    /// Gives an event another time, microseconds since 1970; its other fields stay.
    mutating func move(_ number: Int32, to time: Int64) {
        guard !withdraw([number]).isEmpty else { return }
        keepVersion(of: number)
        var version = rewritten(number, at: time)
        version.revision = events[Int(number)].version.revision
        change(number) { $0.version = version }
        insert(number)
    }

    /// Gives `count` of the events that can be seen, odd ones not, another content.
    mutating func edit(count: Int) {
        for number in drawn(count) {
            keepVersion(of: number)
            change(number) { $0.version.revision += 1 }
        }
    }

    /// Removes events wherever they are listed.
    mutating func remove(ids: Set<String>) {
        remove(visible.filter { ids.contains(events[Int($0)].id.text) })
    }

    /// Removes `count` of the events that can be seen.
    mutating func remove(count: Int) {
        remove(drawn(count))
    }

    /// Each event that is not odd and was ever listed, with its contents, in no order.
    func histories() -> [SimulatedHistory] {
        let listed = Set(visible)
        return (purgedNumbers + visible).filter { !events[Int($0)].isOdd }.map { number in
            let event = events[Int(number)]
            var versions = olderVersions[number, default: []] + [event.version]
            if event.served != event.version { versions.append(event.served) }
            return SimulatedHistory(
                id: event.id.text, createdAt: event.createdAt, isListed: listed.contains(number),
                wasServed: event.wasServed, versions: versions.map(bytes), times: versions.map(\.createdAt))
        }
    }

    private mutating func drawn(_ count: Int) -> [Int32] {
        var left = visible.filter { !events[Int($0)].isOdd }
        var drawn: [Int32] = []
        while drawn.count < count, !left.isEmpty {
            let index = min(left.count - 1, Int(draw() * Double(left.count)))
            drawn.append(left.remove(at: index))
        }
        return drawn
    }

    private func bytes(_ version: EventVersion) -> [UInt8] {
        var bytes: [UInt8] = []
        copy(version, to: &bytes)
        return bytes
    }
}
