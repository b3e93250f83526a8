import AuditArchive
@testable import AuditSync
import CaptivateIQAPI
import CivilTime
import Testing
import TestSupport

@Suite("Windows of a span")
struct WindowPlannerTests {
    private let today = CalendarDay(number: 20_000)

    private func planner(_ first: Int32, _ last: Int32?, capacity: Int) -> WindowPlanner {
        WindowPlanner(
            CalendarDay(number: first)...(last.map(CalendarDay.init(number:)) ?? .last), today: today,
            capacity: capacity)
    }

    @Test("few events are one window with a day more before and no end")
    func fewEvents() {
        var planner = planner(18_900, nil, capacity: 100_000)
        #expect(planner.window == Window(start: CalendarDay(number: 18_899), end: nil))
        let isAccepted = planner.accepts(total: 4_000)
        #expect(isAccepted)
        let next = planner.advance(total: 4_000, capacity: 100_000)
        #expect(next == nil)
    }

    @Test("a closed span ends two days later, for an end day that does not count and midnights far east")
    func closedSpan() {
        let planner = planner(100, 110, capacity: 10)
        #expect(planner.window == Window(start: CalendarDay(number: 99), end: CalendarDay(number: 112)))
        #expect(planner.window.certainTimes.upperBound == CalendarDay(number: 111).start)
        #expect(planner.window.certainTimes.lowerBound == CalendarDay(number: 100).start)
    }

    @Test("a single busy day is a window of its own, however many events it has")
    func busyDay() {
        var planner = planner(19_990, nil, capacity: 100)
        while !planner.accepts(total: 1_000_000_000) {}
        let window = planner.window
        #expect(window.end == window.start.advanced(by: 1))
    }

    @Test("what is listed on one page is not divided, however small windows are to be")
    func onePage() {
        var planner = planner(19_990, nil, capacity: 10)
        let isAccepted = planner.accepts(total: 21, page: 21)
        #expect(isAccepted)
        let isTooMuch = planner.accepts(total: 22, page: 21)
        #expect(!isTooMuch)
    }

    @Test("absurd totals end", arguments: [Int.max, Int.max / 2, 0])
    func absurdTotals(total: Int) {
        var planner = planner(18_000, nil, capacity: 100_000)
        var steps = 0
        while !planner.accepts(total: total) { steps += 1 }
        #expect(steps < 5)
    }

    @Test("any distribution is covered without a gap, in few requests", arguments: 0..<300 as Range<UInt64>)
    func coverage(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let first = Int32.random(in: 18_800...19_990, using: &random)
        let isOpen = Bool.random(using: &random)
        let last = isOpen ? nil : Int32.random(in: first...20_000, using: &random)
        var events: [Int32: Int] = [:]
        for _ in 0..<Int.random(in: 0...40, using: &random) {
            events[Int32.random(in: 18_700...20_000, using: &random)] = Int.random(in: 1...30_000, using: &random)
        }
        var planner = planner(first, last, capacity: 100_000)
        var windows: [Window] = []
        var requests = 0
        while requests < 400 {
            let window = planner.window
            let total = events.filter { $0.key >= window.start.number && $0.key <= window.end?.number ?? .max }.values
                .reduce(0, +)
            requests += 1
            guard planner.accepts(total: total) else { continue }
            windows.append(window)
            if planner.advance(total: total, capacity: 100_000) == nil { break }
        }
        #expect(requests < 60, "seed \(seed)")
        #expect(windows.first?.start.number == first - 1, "seed \(seed)")
        #expect(windows.last?.end?.number == last.map { $0 + 2 }, "seed \(seed)")
        for (window, next) in zip(windows, windows.dropFirst()) {
            #expect(window.end == next.start, "seed \(seed)")
        }
    }

    @Test func theFirstDayHasNoLowerBound() throws {
        let end = try #require(CalendarDay("0001-02-01"))
        let window = Window(start: .first, end: end)
        #expect(window.query.startDate == nil && window.query.endDate == end)
        #expect(window.certainTimes.lowerBound == CalendarDay.first.start)
        let next = Window(start: CalendarDay.first.advanced(by: 1), end: end)
        #expect(next.query.startDate == next.start)
        #expect(next.certainTimes.lowerBound == CalendarDay.first.advanced(by: 2).start)
    }
}
