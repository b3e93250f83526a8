@testable import CaptivateIQSimulator
import Testing

@Suite("Rows that are listed twice")
struct DoubledRowTests {
    private func bench(_ doubled: DoubledRows, _ order: EventOrder = .ascending) throws -> Bench {
        try Bench {
            $0.listing.doubled = doubled
            $0.listing.order = order
        }
    }

    @Test("are as many as were asked for, in every order", arguments: EventOrder.allCases, [0, 1, 7, 300])
    func count(order: EventOrder, count: Int) throws {
        let page = try bench(DoubledRows(count: count), order).page("?limit=1000")
        #expect(page.ids.count == 300 + count && Set(page.ids).count == 300)
        #expect(page.total == 300 + count)
    }

    @Test("stand next to each other, or far apart")
    func places() throws {
        let near = try bench(DoubledRows(count: 5)).page("?limit=1000").ids
        #expect(zip(near, near.dropFirst()).count { $0 == $1 } == 5)
        let far = try bench(DoubledRows(count: 5, areFarApart: true)).page("?limit=1000").ids
        let places = Dictionary(grouping: far.indices) { far[$0] }.values.filter { $0.count == 2 }
        #expect(places.count == 5 && places.allSatisfy { $0[1] - $0[0] > 100 })
    }

    @Test("are the same in every window and on small pages, and arrivals have their share")
    func stable() throws {
        let bench = try bench(DoubledRows(count: 30, areFarApart: true))
        let whole = try bench.page("?limit=1000").ids
        #expect(try bench.walk(limit: 13) == whole)
        let doubled = { (ids: [String]) in Set(Dictionary(grouping: ids) { $0 }.filter { $1.count == 2 }.keys) }
        let window = try bench.page("?limit=1000&start_date=2026-11-17").ids
        #expect(doubled(window) == doubled(whole).intersection(window))
        bench.core.arrive(count: 300, at: bench.now)
        #expect(try bench.page("?limit=1000").ids.count == 660)
    }

    @Test("are counted or not")
    func uncounted() throws {
        let bench = try bench(DoubledRows(count: 7, areCounted: false))
        let page = try bench.page("?limit=305")
        #expect(page.total == 300 && page.ids.count == 305 && page.next != nil)
        let last = try bench.page("?limit=305&offset=305")
        #expect(last.ids.count == 2 && last.next == nil)
    }

    @Test(
        "are read as they are written",
        arguments: [
            ("3", DoubledRows(count: 3)),
            ("1:far:uncounted", DoubledRows(count: 1, areFarApart: true, areCounted: false))
        ])
    func texts(text: String, doubled: DoubledRows) {
        #expect(DoubledRows(text) == doubled && doubled.description == text)
        #expect(DoubledRows(text + ":near") == nil)
    }
}
