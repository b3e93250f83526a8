@testable import CaptivateIQSimulator
import Testing

@Suite("Totals that say something else")
struct TotalTests {
    /// The mode, and what it says of 300 events on a first page of 40 and on the last one of 20.
    static let modes: [(TotalMode, first: Int, last: Int)] = [
        (.exact, 300, 300), (.page, 40, 20), (.running, 40, 300), (.capped(100), 100, 100), (.capped(400), 300, 300),
        (.plus(3), 303, 303), (.minus(7), 293, 293), (.minus(400), 0, 0), (.zero, 0, 0)
    ]

    @Test("each mode says what it is for, and `next` goes by the list", arguments: modes)
    func stated(mode: TotalMode, first: Int, last: Int) throws {
        let bench = try Bench { $0.listing.totalMode = mode }
        let (start, end) = (try bench.page("?limit=40"), try bench.page("?limit=40&offset=280"))
        #expect((start.total, end.total) == (first, last))
        #expect((start.ids.count, end.ids.count) == (40, 20))
        #expect(start.next != nil && end.next == nil)
    }

    @Test("`next` may go by the stated total", arguments: modes)
    func nextByTotal(mode: TotalMode, first: Int, last: Int) throws {
        let bench = try Bench {
            $0.listing.totalMode = mode
            $0.listing.nextRule = .total
        }
        #expect(try (bench.page("?limit=40").next != nil) == (40 < first))
        #expect(try (bench.page("?limit=40&offset=280").next != nil) == (320 < last))
    }

    @Test("rows too deep are not listed, whatever the order", arguments: EventOrder.allCases)
    func deepOffsets(order: EventOrder) throws {
        let bench = try Bench {
            $0.listing.order = order
            $0.listing.maxOffset = 100
        }
        let edge = try bench.page("?limit=40&offset=80")
        #expect(edge.ids.count == 20 && edge.total == 300 && edge.next == nil)
        let behind = try bench.page("?limit=40&offset=100")
        #expect(behind.ids.isEmpty && behind.total == 300 && behind.next == nil)
        #expect(try bench.page("?limit=40&offset=40").next != nil)
        #expect(
            try bench.page("?start_date=2026-11-20").ids.count == min(50, bench.page("?start_date=2026-11-20").total))
    }

    @Test("two pages in turn for ever")
    func cycle() throws {
        let bench = try Bench { $0.listing.pageCycle = 2 }
        let pages = try (0..<5).map { try bench.page("?limit=40&offset=\($0 * 40)") }
        #expect(pages[0].ids != pages[1].ids)
        #expect(pages[2].ids == pages[0].ids && pages[3].ids == pages[1].ids && pages[4].ids == pages[0].ids)
        #expect(pages.allSatisfy { $0.next != nil && $0.total == 300 })
    }

    @Test("modes are read as they are written", arguments: modes.map(\.0))
    func texts(mode: TotalMode) {
        #expect(TotalMode("\(mode)") == mode)
    }

    @Test("what is no mode is not read", arguments: ["", "capped", "plus:x", "exact:1", "zero:", "page:1:2"])
    func noTexts(text: String) {
        #expect(TotalMode(text) == nil)
    }
}
