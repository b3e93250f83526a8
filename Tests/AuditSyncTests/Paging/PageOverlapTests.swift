import AuditArchive
import AuditRecords
@testable import AuditSync
import CaptivateIQAPI
import Testing

@Suite("The overlap of the pages of a walk")
struct PageOverlapTests {
    /// Walks a list that changes to the next version after each request.
    private func walk(_ versions: [[PageRow]], pageSize: Int = 4) -> (walk: OffsetPaginator, distinct: Int) {
        var walk = OffsetPaginator(EventQuery(), pageSize: pageSize)
        var keys: Set<EventKey> = []
        var requests = 0
        while let request = walk.nextRequest(), requests < 50 {
            let list = versions[min(requests, versions.count - 1)]
            let rows = Array(list.dropFirst(request.offset).prefix(request.limit))
            keys.formUnion(rows.map(\.key))
            walk.receive(
                OffsetPaginator.Answer(request: request, rows: rows, total: list.count, hasNext: false), askedLimit: 4)
            requests += 1
        }
        return (walk, keys.count)
    }

    private func rows(_ numbers: [Int]) -> [PageRow] { numbers.map(PageRow.init(number:)) }

    @Test("a removal that an arrival makes up for does not hide the row that slipped past", arguments: 1...3)
    func balancedRemoval(count: Int) {
        let before = rows(Array(0..<10))
        let after = rows(Array(count..<10 + count))
        let (walk, distinct) = walk([before, after])
        #expect(WindowCompletion(walk, distinct: SeenRows(distinct)) == .moved)
    }

    @Test("an answer that overtakes an arrival costs one more page, not another walk")
    func overtakenArrival() throws {
        let before = rows((0..<20).reversed())
        let after = rows((0..<21).reversed())
        var walk = OffsetPaginator(EventQuery(), pageSize: 8)
        var keys: Set<EventKey> = []
        func answer(_ request: PageRequest, _ list: [PageRow]) {
            let page = Array(list.dropFirst(request.offset).prefix(request.limit))
            keys.formUnion(page.map(\.key))
            let answer = OffsetPaginator.Answer(request: request, rows: page, total: list.count, hasNext: false)
            walk.receive(answer, askedLimit: request.limit)
        }
        let firstRequest = walk.nextRequest()
        answer(try #require(firstRequest), before)
        let requests = [walk.nextRequest(), walk.nextRequest()].compactMap(\.self)
        try #require(requests.count == 2)
        let (second, third) = (requests[0], requests[1])
        answer(third, before)
        answer(second, after)
        #expect(!walk.isOver)
        while let request = walk.nextRequest() { answer(request, after) }
        #expect(walk.isOver && walk.pagesOverlap)
        // The arrival itself, before the first page, is for the edges to find.
        #expect(WindowCompletion(walk, distinct: SeenRows(keys.count)) == .grew)
        #expect(keys.count == 20)
    }

    @Test("arrivals before the offset push read rows on, and lose none")
    func arrivalsInFront() {
        let (walk, distinct) = walk([rows(Array(0..<10)), rows(Array(-2..<10))])
        #expect(walk.pagesOverlap)
        #expect(WindowCompletion(walk, distinct: SeenRows(distinct)) == .grew)
    }

    @Test("ties that swap at the edge of a page are no slip")
    func swappedTies() {
        func list(_ numbers: [Int]) -> [PageRow] {
            numbers.map { number in
                let row = PageRow(number: number)
                return PageRow(key: row.key, time: [3, 4].contains(number) ? SyncHarness.begin : row.time)
            }
        }
        let (walk, distinct) = walk([list([0, 1, 2, 3, 4, 5]), list([0, 1, 2, 4, 3, 5])])
        #expect(walk.pagesOverlap)
        #expect(WindowCompletion(walk, distinct: SeenRows(distinct)) == .whole)
    }

    @Test("pages of one row have no overlap, so that one walk proves nothing")
    func singleRows() {
        let (walk, distinct) = walk([rows(Array(0..<5))], pageSize: 1)
        #expect(walk.pagesOverlap && !walk.overlapsAreClean)
        #expect(WindowCompletion(walk, distinct: SeenRows(distinct)) == .unproven)
    }

    /// Rows of which some are of one time.
    private func rows(_ numbers: [Int], tied: Set<Int>) -> [PageRow] {
        numbers.map { number in
            let row = PageRow(number: number)
            return PageRow(key: row.key, time: tied.contains(number) ? SyncHarness.begin : row.time)
        }
    }

    @Test("a tie at an edge, a read row removed and one arrived: the row that slipped past is not taken as read")
    func tiesWithBalancedRemoval() {
        // 3 and 4 are of one time. The first page ends with 3; then 0 goes, 10 arrives, and 4 is listed before 3.
        let before = rows(Array(0..<10), tied: [3, 4])
        let after = rows([1, 2, 4, 3, 5, 6, 7, 8, 9, 10], tied: [3, 4])
        let (walk, distinct) = walk([before, after])
        #expect(WindowCompletion(walk, distinct: SeenRows(distinct)) != .whole)
    }

    @Test("rows of one time around an edge are read on one page", arguments: [3, 4, 5])
    func bridgedTies(count: Int) {
        let tied = Set(5..<5 + count)
        let list = rows(Array(0..<16), tied: tied)
        let (walk, distinct) = walk([list], pageSize: 8)
        #expect(walk.overlapsAreClean)
        #expect(WindowCompletion(walk, distinct: SeenRows(distinct)) == .whole)
    }

    @Test("more rows of one time than a page holds need a second walk")
    func manyTies() {
        let list = rows(Array(0..<40), tied: Set(2..<38))
        let (walk, distinct) = walk([list], pageSize: 8)
        #expect(walk.pagesOverlap && !walk.overlapsAreClean)
        #expect(WindowCompletion(walk, distinct: SeenRows(distinct)) == .unproven)
    }
}
