@testable import CaptivateIQSimulator
import Testing

@Suite struct EventTimelineTests {
    @Test(arguments: [(0, 1), (1, 1), (2, 1), (5_000, 1), (5_000, 30), (300, 1_000)])
    func ascendingWithinTheDaysAndEndingWhereTold(count: Int, days: Int) {
        let times = EventTimeline.times(count: count, days: days, until: Bench.start, seed: 7)
        #expect(times.count == count)
        #expect(times == times.sorted())
        #expect(times.allSatisfy { $0 >= Bench.start - Int64(days) * CivilTime.day })
        #expect(times.last == (count == 0 ? nil : Bench.start))
    }

    @Test func someTie() {
        let times = EventTimeline.times(count: 5_000, days: 30, until: Bench.start, seed: 7)
        let ties = zip(times, times.dropFirst()).count { $0 == $1 }
        #expect((100...1_000).contains(ties))
    }

    @Test func sameSeedSameTimes() {
        let times = { EventTimeline.times(count: 100, days: 3, until: Bench.start, seed: $0) }
        #expect(times(3) == times(3))
        #expect(times(3) != times(4))
    }
}
