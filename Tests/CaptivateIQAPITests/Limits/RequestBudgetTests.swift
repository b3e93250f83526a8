@testable import CaptivateIQAPI
import CivilTime
import Testing
import TestSupport

@Suite struct RequestBudgetTests {
    /// The instants at which a client that always wants more may send, in microseconds.
    private static func grants(
        _ budget: inout RequestBudget, from start: Duration, count: Int, pause: () -> Duration
    ) -> [Duration] {
        var now = start
        var granted: [Duration] = []
        while granted.count < count {
            switch budget.reserve(now: now) {
            case .now:
                granted.append(now)
                now += pause()
            case .wait(let wait):
                #expect(wait > .zero)
                now += wait
            }
        }
        return granted
    }

    /// The most grants in any window `[t, t + width)`.
    private static func densest(_ grants: [Duration], width: Duration) -> Int {
        var most = 0
        var first = 0
        for last in grants.indices {
            while grants[last] - grants[first] >= width { first += 1 }
            most = max(most, last - first + 1)
        }
        return most
    }

    private static func randomPause(_ source: inout SeededRandom, scale: Int64) -> Duration {
        switch Int.random(in: 0..<10, using: &source) {
        case 0..<6: .zero
        case 6..<9: .microseconds(Int64.random(in: 0..<scale, using: &source))
        default: .microseconds(Int64.random(in: 0..<scale * 20, using: &source))
        }
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func neverPastEitherLimit(seed: UInt64) {
        var source = SeededRandom(seed: seed)
        let perSecond = Int.random(in: 1...15, using: &source)
        let perHour = Int.random(in: 1...400, using: &source)
        var budget = RequestBudget(perSecond: perSecond, perHour: perHour)
        let scale = Int64.random(in: 1...3_000_000, using: &source)
        let start = Duration.microseconds(Int64.random(in: -5_000_000_000...5_000_000_000, using: &source))
        let granted = Self.grants(&budget, from: start, count: 1500) { Self.randomPause(&source, scale: scale) }
        #expect(Self.densest(granted, width: .seconds(1)) <= perSecond, "seed \(seed)")
        #expect(Self.densest(granted, width: .seconds(3600)) <= perHour, "seed \(seed)")
    }

    @Test(arguments: [(5, 1500), (15, 6000), (1, 1), (3, 7), (50, 20)])
    func aGreedyClientIsNotHeldUpNeedlessly(perSecond: Int, perHour: Int) {
        var budget = RequestBudget(perSecond: perSecond, perHour: perHour)
        let count = perHour * 3
        let granted = Self.grants(&budget, from: .zero, count: count) { .zero }
        for (index, moment) in granted.enumerated() {
            // The best there is within an hour is a burst each second; hours cost the margin and one group's width.
            let inHour = index % perHour
            let hours = index / perHour
            let bursts = Duration.milliseconds(1050) * (inHour / perSecond + 1)
            let bound = (.seconds(3601) + RequestBudget.groupWidth) * hours + bursts
            #expect(moment <= bound, "request \(index)")
        }
    }

    @Test func aBurstGoesAtOnce() {
        var budget = RequestBudget(perSecond: 5, perHour: 1500)
        for _ in 0..<5 { #expect(budget.reserve(now: .seconds(7)) == .now) }
        #expect(budget.reserve(now: .seconds(7)) == .wait(.milliseconds(1050)))
        #expect(budget.reserve(now: .seconds(8)) == .wait(.milliseconds(50)))
        #expect(budget.reserve(now: .milliseconds(8050)) == .now)
    }

    @Test func theMemoryStaysSmallAndLeftCounts() {
        var budget = RequestBudget(perSecond: 15, perHour: 6000)
        _ = Self.grants(&budget, from: .zero, count: 9000) { .milliseconds(300) }
        let now = Duration.seconds(3000)
        #expect(RequestBudget(perSecond: 1, perHour: 10).left(now: now) == 10)
        #expect(budget.left(now: .seconds(100_000)) == 6000)
        let ledger = budget.ledger(uptime: .seconds(5000), wallClock: .init(microseconds: 0))
        #expect(ledger.hour.count <= 361)
    }

    @Test func leftGoesDownWithEachRequest() {
        var budget = RequestBudget(perSecond: 100, perHour: 50)
        for spent in 0..<50 {
            #expect(budget.left(now: .zero) == 50 - spent)
            #expect(budget.reserve(now: .zero) == .now)
        }
        #expect(budget.left(now: .zero) == 0)
        #expect(budget.reserve(now: .zero) == .wait(.seconds(3601)))
    }

    @Test func limitsBelowOneCountAsOne() {
        var budget = RequestBudget(perSecond: 0, perHour: -3)
        #expect(budget.reserve(now: .zero) == .now)
        #expect(budget.reserve(now: .seconds(3601)) == .now)
    }
}
