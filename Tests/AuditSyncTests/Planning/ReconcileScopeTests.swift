import AuditArchive
@testable import AuditSync
import CivilTime
import JSONText
import Testing

@Suite("The days that a comparison is about")
struct ReconcileScopeTests {
    private func day(_ number: Int32) -> CalendarDay { CalendarDay(number: number) }

    private func run(_ first: Int32, _ last: Int32) -> ClosedRange<CalendarDay> { day(first)...day(last) }

    private func scope(_ days: [Int32], pending: [Range<Timestamp>] = [], from: Int32? = nil, to: Int32? = nil)
        -> ReconcileScope
    {
        var manifest = Manifest(
            generation: 1, writtenAt: day(200).start, writer: "w", startTimestamp: day(100).start + .seconds(60))
        manifest.pending = RangeSet(pending)
        return ReconcileScope(
            of: Set(days.map(day)), manifest, lookback: .seconds(86_400), now: day(200).start + .seconds(60),
            from: from.map(day), to: to.map(day))
    }

    @Test("of days given are those from the start to today, neighbours together")
    func given() {
        let scope = scope([99, 100, 101, 150, 199, 200, 201])
        #expect(scope.runs == [run(100, 101), run(150, 150), run(199, 200)])
        #expect(scope.pending.isEmpty)
        #expect(self.scope([99, 100, 101, 150, 199, 200], from: 101, to: 198).runs == [run(101, 101), run(150, 150)])
        #expect(self.scope([]).runs.isEmpty)
    }

    @Test("leaves to a sync what is to be fetched")
    func pending() {
        let gap = Range(from: day(101).start + .seconds(9), to: day(102).start)
        let scope = scope([100, 101, 102, 150], pending: [gap, Range(from: day(120).start, to: day(121).start)])
        #expect(scope.runs == [run(100, 100), run(102, 102), run(150, 150)])
        #expect(scope.pending == [run(101, 101)])
    }

    @Test("of what is in quarantine are compared by ids alone")
    func byIDs() {
        var plan = ReconcilePlan(
            [run(100, 150), run(160, 160)], records: [day(110): 90, day(140): 80], start: day(100).start, byIDs: true,
            capacity: 100)
        var steps: [ReconcilePlan.Step] = []
        while let step = plan.next, steps.count < 9 {
            steps.append(step)
            plan.recordComparison(events: 3)
        }
        #expect(steps == [.compare(run(100, 110)), .compare(run(111, 150)), .compare(run(160, 160))])
    }
}
