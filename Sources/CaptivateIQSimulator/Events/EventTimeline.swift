/// When the events of an organization happen: mostly in office hours of working days, now and then many in one second.
package struct EventTimeline: Sendable {
    private static let burstChance = 0.02

    /// Times in ascending order, microseconds since 1970; the newest is `until`, none is older than `days` before it.
    package static func times(count: Int, days: Int, until: Int64, seed: UInt64) -> [Int64] {
        guard count > 0 else { return [] }
        var random = SeededGenerator(seed: seed, stream: .max)
        let start = until - Int64(days) * CivilTime.day
        var times: [Int64] = []
        times.reserveCapacity(count)
        while times.count < count - 1 {
            let time = businessTime(from: start, to: until, &random)
            if random.chance(burstChance) {
                // A whole second: whatever the number of fractional digits, these stay ties.
                let second = max(
                    start, CivilTime.flooredDivision(time, by: CivilTime.second).quotient * CivilTime.second)
                let size = min(2 + random.below(4), count - 1 - times.count)
                times.append(contentsOf: repeatElement(second, count: size))
            } else {
                times.append(time)
            }
        }
        times.append(until)
        times.sort()
        return times
    }

    private static func businessTime(from start: Int64, to end: Int64, _ random: inout SeededGenerator) -> Int64 {
        var time = start
        // Few tries: a range that lies in a weekend altogether must not loop for ever.
        for _ in 0..<4 {
            time = start + Int64(random.unit() * Double(end - start))
            if isOfficeHour(time) || random.chance(0.2) { break }
        }
        return time
    }

    private static func isOfficeHour(_ time: Int64) -> Bool {
        let (day, rest) = CivilTime.flooredDivision(time, by: CivilTime.day)
        // 1970-01-01 was a Thursday.
        let weekday = CivilTime.flooredDivision(day + 3, by: 7).remainder
        return weekday < 5 && (7 * CivilTime.hour..<18 * CivilTime.hour).contains(rest)
    }
}
