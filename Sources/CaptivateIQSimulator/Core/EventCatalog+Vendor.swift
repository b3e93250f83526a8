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
