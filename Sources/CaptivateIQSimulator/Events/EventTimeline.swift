/// When the events of an organization happen: mostly in office hours of working days, now and then many in one second.
struct EventTimeline: Sendable {
    private static let burstChance = 0.02

    /// Times in ascending order, microseconds since 1970; the newest is `until`, none is older than `days` before it.
    static func times(count: Int, days: Int, until: Int64, seed: UInt64) -> [Int64] {
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
        // Few tries: a range that lies in a weekend altogether must not loop without end.
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

/// The 128 bits of an event's UUID; they sort as the lower-case text does.
struct EventID: Hashable, Comparable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// A version 4 UUID made of two random numbers.
    init(randomHigh: UInt64, randomLow: UInt64) {
        high = randomHigh & 0xFFFF_FFFF_FFFF_0FFF | 0x0000_0000_0000_4000
        low = randomLow & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    }

    /// By the bits, as the texts compare.
    static func < (left: EventID, right: EventID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }

    /// Lower-case UUID text.
    var text: String {
        var out: [UInt8] = []
        append(to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// Appends the lower-case UUID text, without quotes.
    func append(to out: inout [UInt8]) {
        for nibble in 0..<32 {
            if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 { out.append(UInt8(ascii: "-")) }
            let word = nibble < 16 ? high : low
            let value = UInt8(truncatingIfNeeded: word >> UInt64(60 - nibble % 16 * 4)) & 0xF
            out.append(value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10)
        }
    }
}
