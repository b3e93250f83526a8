@testable import CaptivateIQAPI
import CivilTime
import JSONText
import Testing
import TestSupport

@Suite struct RequestLedgerTests {
    private static let wall = Timestamp(microseconds: 1_800_000_000_000_000)

    private static func budget(_ ledger: RequestLedger, perSecond: Int = 5, perHour: Int = 100) -> RequestBudget {
        RequestBudget(perSecond: perSecond, perHour: perHour, ledger: ledger, uptime: .zero, wallClock: wall)
    }

    private static func micros(_ secondsFromNow: Int64) -> Int64 { wall.microseconds + secondsFromNow * 1_000_000 }

    @Test func roundTrip() throws {
        let ledger = RequestLedger(
            hour: [.init(first: 1, last: 2, count: 3), .init(first: -5, last: 9, count: 1)], second: [4, 5])
        #expect(try RequestLedger.decoded(ledger.encoded()) == ledger)
        #expect(try RequestLedger.decoded(RequestLedger().encoded()) == RequestLedger())
    }

    @Test(arguments: [
        "", "nonsense", "[]", "{", #"{"hour":7}"#, #"{"hour":[7]}"#, #"{"hour":[["a",1,1]]}"#, #"{"second":[1.5]}"#,
        #"{"second":[]}x"#, #"{"second":[99999999999999999999]}"#
    ])
    func unreadable(text: String) {
        #expect(throws: JSONTextError.self) { try RequestLedger.decoded(Array(text.utf8)) }
    }

    @Test(arguments: [
        (
            #"{"hour":[[1,2,0],[1,2,-4],[1,2],[5,2,3]],"new":{"x":[1]}}"#,
            [RequestLedger.Group(first: 2, last: 2, count: 3)]
        ),
        (#"{"hour":[[1,2,9999999999]]}"#, [RequestLedger.Group(first: 1, last: 2, count: 1_000_000)])
    ])
    func absurdEntriesAreMended(text: String, expected: [RequestLedger.Group]) throws {
        #expect(try RequestLedger.decoded(Array(text.utf8)).hour == expected)
    }

    @Test(arguments: [
        (Self.micros(-3599), 100, Duration.seconds(2)), (Self.micros(-1), 100, .seconds(3600)),
        (Self.micros(0), 100, .seconds(3601)), (Self.micros(1800), 100, .seconds(3601)),
        (Int64.max, 100, .seconds(3601)), (Self.micros(-10), 1_000_000, .seconds(3591))
    ])
    func aFullHourHoldsUpForNoMoreThanTheHour(last: Int64, count: Int, expected: Duration) {
        let ledger = RequestLedger(hour: [.init(first: last, last: last, count: count)])
        var budget = Self.budget(ledger)
        #expect(budget.reserve(now: .zero) == .wait(expected))
        #expect(budget.left(now: .zero) == 0)
        #expect(budget.reserve(now: expected) == .now)
    }

    @Test(arguments: [Self.micros(-3601), Self.micros(-100_000), 0, Int64.min])
    func whatIsOlderIsForgotten(last: Int64) {
        var budget = Self.budget(RequestLedger(hour: [.init(first: last, last: last, count: 100)]))
        // Kept for at most the margin of a second past the hour.
        switch budget.reserve(now: .zero) {
        case .now: break
        case .wait(let wait): #expect(wait <= .seconds(1))
        }
        #expect(budget.reserve(now: .seconds(2)) == .now)
    }

    @Test func theLastSecondIsRemembered() {
        let recent = (0..<5).map { Self.wall.microseconds - 200_000 - Int64($0) }
        var budget = Self.budget(RequestLedger(second: recent))
        #expect(budget.reserve(now: .zero) == .wait(.microseconds(850_000 - 4)))
        var cautious = Self.budget(RequestLedger(second: recent), perSecond: 1)
        #expect(cautious.reserve(now: .zero) == .wait(.microseconds(850_000)))
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func limitsHoldAcrossRestarts(seed: UInt64) throws {
        var source = SeededRandom(seed: seed)
        let perSecond = Int.random(in: 1...6, using: &source)
        let perHour = Int.random(in: 5...120, using: &source)
        var saved = RequestLedger().encoded()
        var elapsed: Duration = .zero
        var granted: [Duration] = []
        for _ in 0..<40 {
            let start = elapsed
            // Each process has its own uptime.
            let offset = Duration.seconds(Int.random(in: 0...1_000_000, using: &source))
            var budget = RequestBudget(
                perSecond: perSecond, perHour: perHour, ledger: try RequestLedger.decoded(saved),
                uptime: offset, wallClock: Self.wall + elapsed)
            for _ in 0..<Int.random(in: 0...40, using: &source) {
                switch budget.reserve(now: offset + elapsed - start) {
                case .now: granted.append(elapsed)
                case .wait(let wait): elapsed += wait
                }
            }
            saved = budget.ledger(uptime: offset + elapsed - start, wallClock: Self.wall + elapsed).encoded()
            elapsed += .milliseconds(Int.random(in: 0...120_000, using: &source))
        }
        expectSpread(granted, count: perSecond, width: .seconds(1), seed: seed)
        expectSpread(granted, count: perHour, width: .seconds(3600), seed: seed)
    }

    private func expectSpread(_ granted: [Duration], count: Int, width: Duration, seed: UInt64) {
        for (early, late) in zip(granted, granted.dropFirst(count)) {
            #expect(late - early >= width, "seed \(seed)")
        }
    }
}
