import AuditArchive
@testable import AuditSync
import CivilTime
import Testing
import TestSupport

@Suite("The plan of a comparison")
struct ReconcilePlanTests {
    private static func run(_ first: Int32, _ last: Int32) -> ClosedRange<CalendarDay> {
        CalendarDay(number: first)...CalendarDay(number: last)
    }

    /// Plays a plan against an API; says how many counts and walks it took, and which days were walked.
    private func play(
        _ archive: [Int32: Int], api: [Int32: Int], isComparable: Bool = true, isProven: Bool = true,
        capacity: Int = 100
    ) -> (counts: Int, walked: Set<CalendarDay>, agreed: Int, isByIDs: Bool) {
        func key(_ counts: [Int32: Int]) -> [CalendarDay: Int] {
            Dictionary(uniqueKeysWithValues: counts.map { (CalendarDay(number: $0.key), $0.value) })
        }
        let truth = key(api)
        var plan = ReconcilePlan(
            [Self.run(100, 199)], records: key(archive), start: CalendarDay(number: 0).start, capacity: capacity)
        var (counts, walked) = (0, Set<CalendarDay>())
        while let step = plan.next, counts < 1_000 {
            let days = Array(step.run.days)
            let events = days.reduce(0) { $0 + (truth[$1] ?? 0) }
            switch step {
            case .count:
                counts += 1
                plan.recordCount(isComparable ? events : events + 1, isProven: isProven)
            case .compare:
                walked.formUnion(days)
                plan.recordComparison(events: events)
            }
        }
        return (counts, walked, plan.agreed.reduce(0) { $0 + $1.dayCount }, plan.isByIDs)
    }

    private static let outer: Set = [CalendarDay(number: 100), CalendarDay(number: 199)]

    @Test("equal counts are one count, and a walk of the outer days, beside which the filter may begin and end")
    func equal() {
        let days = Dictionary(uniqueKeysWithValues: (100..<200).map { (Int32($0), 50) })
        let outcome = play(days, api: days)
        #expect(outcome.counts == 1 && outcome.walked == Self.outer && outcome.agreed == 100)
    }

    @Test("an equal count of other events than the archive's is no proof: all ids are compared")
    func unproven() {
        let days = Dictionary(uniqueKeysWithValues: (100..<200).map { (Int32($0), 50) })
        let outcome = play(days, api: days, isProven: false)
        #expect(outcome.isByIDs && outcome.walked.count == 100 && outcome.agreed == 0)
    }

    @Test("a sample is compared by ids, and one or two days are never counted")
    func sample() {
        let run = Self.run(100, 120)
        var plan = ReconcilePlan([run], records: [:], start: .init(microseconds: 0), sample: CalendarDay(number: 107))
        var steps: [ReconcilePlan.Step] = []
        while let step = plan.next {
            steps.append(step)
            if case .count = step { plan.recordCount(0, isProven: true) } else { plan.recordComparison(events: 0) }
        }
        #expect(
            steps == [
                .compare(Self.run(100, 100)), .compare(Self.run(107, 107)), .compare(Self.run(120, 120)), .count(run)
            ])
        let short = ReconcilePlan([Self.run(5, 6)], records: [:], start: .init(microseconds: 0))
        #expect(short.next == .compare(Self.run(5, 6)))
    }

    @Test("days of which counts tell nothing are compared by ids, and counted with no others")
    func unsureDays() {
        let run = Self.run(100, 140)
        let unsure = Set([110, 111, 120, 138].map { CalendarDay(number: $0) })
        for countsEachDay in [false, true] {
            var plan = ReconcilePlan(
                [run], records: [:], unsure: unsure, start: .init(microseconds: 0), countsEachDay: countsEachDay)
            var (counted, compared): ([ClosedRange<CalendarDay>], [ClosedRange<CalendarDay>]) = ([], [])
            while let step = plan.next {
                if case .count = step {
                    counted.append(step.run)
                    plan.recordCount(0, isProven: true)
                } else {
                    compared.append(step.run)
                    plan.recordComparison(events: 0)
                }
            }
            let whole = [Self.run(100, 109), Self.run(112, 119), Self.run(121, 137)]
            #expect(counted == (countsEachDay ? whole.flatMap(\.days).map { $0...$0 } : whole))
            #expect(
                compared == [
                    Self.run(100, 100), Self.run(140, 140), Self.run(110, 111), Self.run(120, 120), Self.run(138, 138),
                    Self.run(139, 140)
                ])
        }
    }

    @Test("wherever the days that differ lie, they are walked, and few others", arguments: 0..<100 as Range<UInt64>)
    func differing(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var days: [Int32: Int] = [:]
        for day in Int32(100)..<200 where Int.random(in: 0..<4, using: &random) > 0 {
            days[day] = Int.random(in: 1...60, using: &random)
        }
        var api = days
        let changed = Int32.random(in: 100..<200, using: &random)
        api[changed, default: 0] += Int.random(in: 1...5, using: &random)
        let outcome = play(days, api: api)
        #expect(outcome.walked.contains(CalendarDay(number: changed)), "seed \(seed)")
        #expect(outcome.walked.subtracting(Self.outer).count + outcome.agreed >= 98, "seed \(seed)")
        #expect(outcome.walked.count + outcome.agreed <= 102, "seed \(seed)")
        #expect(outcome.counts < 20 && !outcome.isByIDs, "seed \(seed)")
    }

    @Test("counts that mean something else are given up for ids of all days")
    func incomparable() {
        let days = Dictionary(uniqueKeysWithValues: (100..<200).map { (Int32($0), 50) })
        let outcome = play(days, api: days, isComparable: false)
        #expect(outcome.isByIDs && outcome.walked.count == 100 && outcome.agreed == 0)
        #expect(outcome.counts < 12)
    }

    @Test("the day that the archive begins in is compared by ids")
    func partialDay() {
        let start = CalendarDay(number: 100).start + .seconds(60)
        let plan = ReconcilePlan([Self.run(100, 120)], records: [:], start: start)
        #expect(plan.next == .compare(Self.run(100, 100)))
    }

    @Test("days still to be fetched are cut out")
    func holes() {
        let day = { (number: Int32) in CalendarDay(number: number).start }
        let pending = RangeSet([
            Range(from: day(90), to: day(101)), Range(from: day(105) + .seconds(1), to: day(107)),
            Range(from: day(110), to: day(300))
        ])
        #expect(Self.run(100, 120).removing(pending) == [Self.run(101, 104), Self.run(107, 109)])
    }
}
