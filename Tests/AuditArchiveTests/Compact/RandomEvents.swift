import CivilTime
import TestSupport

/// Random events of a few days, in groups as syncs would archive them; many of the same time.
struct RandomEvents {
    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// A part size.
    mutating func size() -> Int { [300, 1_000, 5_000, 64 << 20].randomElement(using: &random) ?? 300 }

    /// The events of each sync.
    mutating func groups() -> [[TestEvent]] {
        var groups = [[TestEvent]](repeating: [], count: Int.random(in: 1...7, using: &random))
        for number in 0..<Int.random(in: 1...120, using: &random) {
            let second = Int.random(in: 0..<3 * 86_400, using: &random) / 7_000 * 7_000
            let time = ("2025-02-20T00:00:00Z" as Timestamp) + .seconds(second)
            let filler = String(repeating: "x", count: Int.random(in: 0...300, using: &random))
            let event = TestEvent(number, at: time.description, extra: #","f":"\#(filler)""#)
            groups[Int.random(in: 0..<groups.count, using: &random)].append(event)
        }
        return groups.filter { !$0.isEmpty }
    }
}
