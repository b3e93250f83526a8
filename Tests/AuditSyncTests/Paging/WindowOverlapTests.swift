import AuditArchive
@testable import AuditSync
import CaptivateIQAPI
import CaptivateIQSimulator
import Testing

@Suite("Windows that share a day")
struct WindowOverlapTests {
    /// Walks a list of 100 rows, sorted by number, with rows left out.
    private func walk(_ list: [Int], _ windowOverlap: WindowOverlap) -> (
        walk: OffsetPaginator, seen: Set<Int>, requests: Int
    ) {
        var walk = OffsetPaginator(EventQuery(), pageSize: 10, windowOverlap: windowOverlap)
        var seen: Set<Int> = []
        var requests = 0
        while let request = walk.nextRequest(), requests < 100 {
            let page = Array(list.dropFirst(request.offset).prefix(request.limit))
            seen.formUnion(page)
            walk.receive(
                OffsetPaginator.Answer(
                    request: request, rows: page.map(PageRow.init(number:)), total: list.count, hasNext: false),
                askedLimit: request.limit)
            requests += 1
        }
        return (walk, seen, requests)
    }

    private func windowOverlap(_ order: RowOrder, count: Int, edge: [Int]) -> WindowOverlap {
        WindowOverlap(order: order, count: count, edge: edge.map { PageRow(number: $0).key })
    }

    @Test("rows that the window before had are left out where they are found as they were", arguments: [true, false])
    func confirmed(isAscending: Bool) {
        let (list, edge) = isAscending ? (Array(0..<100), [60, 61, 62, 63]) : ((0..<100).reversed(), [63, 62, 61, 60])
        let (walk, seen, requests) = walk(
            list, windowOverlap(isAscending ? .ascending : .descending, count: 64, edge: edge))
        // Ascending, the first page shares its first rows with those that are left out.
        let unread = isAscending ? 58 : 60
        #expect(walk.isOver && walk.skippedRows == unread && walk.pagesOverlap)
        #expect(seen == Set(unread..<100))
        #expect(requests == (isAscending ? 6 : 5))
        #expect(WindowCompletion(walk, distinct: SeenRows(seen.count)) == .whole)
    }

    @Test("a first page that reaches into the rows that were to be left out counts them once")
    func crossing() {
        var walk = OffsetPaginator(
            EventQuery(), pageSize: 50, windowOverlap: windowOverlap(.descending, count: 64, edge: [63, 62, 61, 60]))
        var seen: Set<Int> = []
        let list = Array((0..<100).reversed())
        while let request = walk.nextRequest() {
            let page = Array(list.dropFirst(request.offset).prefix(request.limit))
            seen.formUnion(page)
            walk.receive(
                OffsetPaginator.Answer(
                    request: request, rows: page.map(PageRow.init(number:)), total: 100, hasNext: false),
                askedLimit: request.limit)
        }
        #expect(seen == Set(50..<100) && walk.skippedRows == 50)
        #expect(WindowCompletion(walk, distinct: SeenRows(seen.count)) == .whole)
    }

    @Test("all rows are read where the guess is wrong", arguments: [RowOrder.ascending, .descending], [63, 65, 101])
    func refuted(order: RowOrder, count: Int) {
        let (list, edge) =
            order == .ascending ? (Array(0..<100), [60, 61, 62, 63]) : ((0..<100).reversed(), [63, 62, 61, 60])
        let (walk, seen, requests) = walk(list, windowOverlap(order, count: count, edge: edge))
        #expect(walk.isOver && walk.skippedRows == 0 && walk.hasRefutedOverlap && walk.pagesOverlap)
        #expect(seen == Set(0..<100))
        #expect(requests <= 15)
        #expect(WindowCompletion(walk, distinct: SeenRows(100)) == .whole)
    }

    @Test("a removal and an arrival among the rows that are left out are noticed")
    func moved() {
        let (walk, seen, _) = walk(Array(1..<100) + [100], windowOverlap(.ascending, count: 64, edge: [60, 61, 62, 63]))
        #expect(walk.hasRefutedOverlap)
        #expect(seen == Set(1...100))
    }

    @Test(
        "a backfill of many windows costs hardly more than its pages, in either order",
        arguments: [EventOrder.ascending, .descending])
    func requests(order: EventOrder) async throws {
        try await SyncHarness.run {
            $0.population.count = 20_000
            $0.population.days = 20
            $0.listing.order = order
        } _: { harness in
            // A hundred pages are a window of five days.
            let outcome = try await harness.sync(pageSize: 50, concurrency: 1)
            #expect(outcome.report.events == 20_000)
            #expect(outcome.report.duplicates < 16 * 20)
            // Where rows of one time lie around the edge of a page, one more page holds all of them.
            #expect(outcome.report.requests <= 20_000 / 48 + 40)
            try harness.expectEqual()
        }
    }
}
