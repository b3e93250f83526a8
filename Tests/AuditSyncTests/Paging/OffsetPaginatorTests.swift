import AuditArchive
import AuditRecords
@testable import AuditSync
import CaptivateIQAPI
import CivilTime
import Testing
import TestSupport

/// A list behind the walk: how many rows there are and how the server cuts and claims.
private struct RowServer {
    var rows: Int
    var cap = Int.max
    var claimed: Int?
    var next: (_ end: Int, _ rows: Int) -> Bool = { $0 < $1 }
    var halvedTo: Int?

    func answer(_ request: PageRequest) -> OffsetPaginator.Answer {
        var request = request
        if let halvedTo { request.limit = min(request.limit, halvedTo) }
        let count = max(0, min(request.limit, cap, rows - request.offset))
        let page = (request.offset..<request.offset + count).map(PageRow.init(number:))
        return OffsetPaginator.Answer(
            request: request, rows: page, total: claimed ?? rows, hasNext: next(request.offset + count, rows))
    }

    /// The fewest requests that read all rows, when pages share a few, and look behind a last page that is full.
    func fewestRequests(pageSize: Int) -> Int {
        let page = min(pageSize, cap)
        guard rows >= page else { return 1 }
        let step = page - max(2, min(8, page / 100))
        return 1 + (rows - page + step - 1) / step + ((rows - page) % step == 0 ? 1 : 0)
    }
}

extension PageRow {
    /// The row of an event, all of one time apart.
    init(number: Int) {
        let id = Array("event \(number)".utf8)
        self.init(key: EventKey(id: id.span.bytes), time: SyncHarness.begin - .seconds(-number))
    }
}

@Suite("Walking the pages of a window")
struct OffsetPaginatorTests {
    private func run(
        _ server: RowServer, pageSize: Int, inFlight: Int = 1, seed: UInt64 = 0
    ) -> (walk: OffsetPaginator, requests: [PageRequest], seen: Set<Int>) {
        var random = SeededRandom(seed: seed)
        var walk = OffsetPaginator(EventQuery(), pageSize: pageSize)
        var (requests, waiting): ([PageRequest], [PageRequest]) = ([], [])
        var seen: Set<Int> = []
        while !walk.isOver && requests.count < 5_000 {
            while waiting.count < inFlight, let request = walk.nextRequest() {
                waiting.append(request)
                requests.append(request)
            }
            guard !waiting.isEmpty else { break }
            let request = waiting.remove(at: Int.random(in: 0..<waiting.count, using: &random))
            let answer = server.answer(request)
            seen.formUnion(request.offset..<request.offset + answer.rows.count)
            walk.receive(answer, askedLimit: request.limit)
        }
        return (walk, requests, seen)
    }

    @Test("pages share a few rows and no more, whatever the size", arguments: [0, 1, 49, 50, 51, 1_000, 4_321])
    func quiet(rows: Int) {
        let server = RowServer(rows: rows)
        let (walk, requests, seen) = run(server, pageSize: 50)
        #expect(walk.isOver && !walk.gaveUp && walk.pagesOverlap)
        #expect(seen == Set(0..<rows))
        #expect(requests.count == server.fewestRequests(pageSize: 50))
    }

    @Test("a cut limit becomes the page size", arguments: [1, 8])
    func cutLimit(inFlight: Int) {
        let server = RowServer(rows: 5_000, cap: 137)
        let (walk, requests, seen) = run(server, pageSize: 1_000, inFlight: inFlight)
        #expect(seen == Set(0..<5_000))
        #expect(requests.count == server.fewestRequests(pageSize: 1_000))
        #expect(walk.step == 137)
    }

    @Test("`next` never decides alone: always null, never null, missing", arguments: [true, false])
    func lyingNext(hasNext: Bool) {
        for rows in [0, 99, 100, 101, 500] {
            let server = RowServer(rows: rows, next: { _, _ in hasNext })
            let (walk, requests, seen) = run(server, pageSize: 100, inFlight: 3)
            #expect(walk.isOver && !walk.gaveUp && walk.pagesOverlap)
            #expect(seen == Set(0..<rows))
            // One more where the last page still names a next one.
            #expect(requests.count <= server.fewestRequests(pageSize: 100) + (hasNext ? 1 : 0))
        }
    }

    @Test("more rows than the total claims are still found where `next` and full pages say so")
    func totalTooSmall() {
        let (_, _, seen) = run(RowServer(rows: 450, claimed: 300), pageSize: 100)
        #expect(seen == Set(0..<450))
    }

    @Test("an empty page before the total is asked for again, and then is the list's end")
    func emptyPages() {
        let (walk, requests, seen) = run(RowServer(rows: 200, claimed: 400), pageSize: 100)
        #expect(!walk.gaveUp && walk.isShort && walk.rowCount == 200)
        #expect(seen == Set(0..<200))
        #expect(requests.count == 3 + 2)
        #expect(WindowCompletion(walk, distinct: SeenRows(200)) == .short)
    }

    @Test("a total that counts the rows of the page, with a next one, is no end", arguments: [1, 8])
    func totalOfPage(inFlight: Int) {
        var server = RowServer(rows: 500, cap: 100)
        server.claimed = 100
        let (walk, requests, seen) = run(server, pageSize: 1_000, inFlight: inFlight)
        #expect(seen == Set(0..<500))
        #expect(walk.countsAreLow && walk.rowCount == 500)
        #expect(WindowCompletion(walk, distinct: SeenRows(500)) == .whole)
        #expect(requests.count <= 7)
    }

    @Test("two of three rows, a total of two and a next one")
    func smallest() {
        let (walk, _, seen) = run(RowServer(rows: 3, cap: 2, claimed: 2), pageSize: 50)
        #expect(seen == Set(0..<3))
        #expect(WindowCompletion(walk, distinct: SeenRows(3)) != .moved)
    }

    @Test("a total one too low, from which `next` is made, hides no row behind a full last page")
    func totalTooLow() {
        let server = RowServer(rows: 101, claimed: 100, next: { end, _ in end < 100 })
        let (walk, _, seen) = run(server, pageSize: 100)
        #expect(seen == Set(0..<101))
        #expect(WindowCompletion(walk, distinct: SeenRows(101)) == .whole)
    }

    @Test("two pages listed in turn for ever are given up")
    func twoPagesInTurn() {
        var walk = OffsetPaginator(EventQuery(), pageSize: 10)
        var seen: Set<Int> = []
        var requests = 0
        while let request = walk.nextRequest(), requests < 1_000 {
            requests += 1
            let numbers = (0..<10).map { $0 + requests % 2 * 10 }
            seen.formUnion(numbers)
            walk.receive(
                .init(request: request, rows: numbers.map(PageRow.init(number:)), total: 1_000_000, hasNext: true),
                askedLimit: request.limit)
            walk.record(distinct: SeenRows(seen.count))
        }
        #expect(walk.gaveUp && requests < 30)
    }

    @Test("a list whose second half is its first one again is read to its end, however small its pages")
    func everyRowTwice() {
        var walk = OffsetPaginator(EventQuery(), pageSize: 3)
        let server = RowServer(rows: 200)
        var seen: Set<Int> = []
        while let request = walk.nextRequest() {
            var answer = server.answer(request)
            let numbers = (0..<answer.rows.count).map { (request.offset + $0) % 100 }
            answer.rows = numbers.map(PageRow.init(number:))
            seen.formUnion(numbers)
            walk.receive(answer, askedLimit: request.limit)
            walk.record(distinct: SeenRows(seen.count))
        }
        #expect(!walk.gaveUp && walk.rowCount == 200)
    }

    @Test("a list that ends before rows that were read has moved")
    func retreat() {
        var walk = OffsetPaginator(EventQuery(), pageSize: 21)
        while let request = walk.nextRequest() {
            let server = RowServer(rows: request.offset < 38 ? 40 : 37)
            walk.receive(server.answer(request), askedLimit: request.limit)
        }
        #expect(walk.isOver && !walk.pagesOverlap)
    }

    @Test("a halved request leaves a gap that is filled, not a smaller page for all")
    func halvedOnce() {
        var walk = OffsetPaginator(EventQuery(), pageSize: 100)
        let server = RowServer(rows: 300)
        var requests: [PageRequest] = []
        while let request = walk.nextRequest() {
            requests.append(request)
            var asked = server
            if requests.count == 2 { asked.halvedTo = 50 }
            walk.receive(asked.answer(request), askedLimit: request.limit)
        }
        #expect(walk.isOver)
        #expect(requests.map(\.offset) == [0, 98, 146, 244])
        #expect(walk.pagesOverlap)
    }

    @Test("pages that are always halved become the page size")
    func alwaysHalved() {
        let (walk, requests, seen) = run(RowServer(rows: 3_000, halvedTo: 125), pageSize: 1_000)
        #expect(seen == Set(0..<3_000))
        #expect(walk.step == 125)
        #expect(requests.count <= 3_000 / 123 + 4)
    }

    @Test("any server, any interleaving: all rows, and an end", arguments: 0..<400 as Range<UInt64>)
    func anyServer(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let rows = Int.random(in: 0...2_000, using: &random)
        let cap = Bool.random(using: &random) ? Int.random(in: 10...300, using: &random) : Int.max
        let hasNext: [(Int, Int) -> Bool] = [{ $0 < $1 }, { _, _ in true }, { _, _ in false }]
        let server = RowServer(rows: rows, cap: cap, next: hasNext[Int(seed % 3)])
        let pageSize = Int.random(in: 10...400, using: &random)
        let (walk, requests, seen) = run(
            server, pageSize: pageSize, inFlight: Int.random(in: 1...9, using: &random), seed: seed)
        #expect(walk.isOver, "seed \(seed)")
        #expect(seen == Set(0..<rows), "seed \(seed)")
        #expect(WindowCompletion(walk, distinct: SeenRows(rows)) == .whole, "seed \(seed)")
        #expect(requests.count <= server.fewestRequests(pageSize: pageSize) + 1, "seed \(seed)")
    }

    @Test("a total that is one too high does not make pages small", arguments: [1, 8])
    func totalTooLarge(inFlight: Int) {
        let (walk, requests, seen) = run(
            RowServer(rows: 5_000, claimed: 5_001), pageSize: 1_000, inFlight: inFlight)
        #expect(!walk.gaveUp && walk.isShort && walk.step == 1_000)
        #expect(seen == Set(0..<5_000))
        #expect(requests.count <= 6 + 2)
    }

    @Test("the verdict")
    func verdicts() {
        /// A walk of two pages of ten rows that share two.
        func walk(_ totals: [Int]) -> OffsetPaginator {
            var walk = OffsetPaginator(EventQuery(), pageSize: 10)
            var left = totals[...]
            while let request = walk.nextRequest() {
                let rows = (request.offset..<min(18, request.offset + 10)).map(PageRow.init(number:))
                let total = left.popFirst() ?? totals.last ?? 0
                walk.receive(.init(request: request, rows: rows, total: total, hasNext: false), askedLimit: 10)
            }
            return walk
        }
        #expect(WindowCompletion(walk([18, 18]), distinct: SeenRows(18)) == .whole)
        #expect(WindowCompletion(walk([18, 18]), distinct: SeenRows(17)) == .moved)
        #expect(WindowCompletion(walk([18, 18]), distinct: SeenRows(19)) == .moved)
        #expect(WindowCompletion(walk([18, 19]), distinct: SeenRows(18)) == .grew)
        #expect(WindowCompletion(walk([18, 19]), distinct: SeenRows(19)) == .grew)
        #expect(WindowCompletion(walk([19, 18]), distinct: SeenRows(18)) == .moved)
        #expect(WindowCompletion(walk([19, 19]), distinct: SeenRows(18)) == .short)
        #expect(WindowCompletion(walk([19, 19]), distinct: SeenRows(17)) == .moved)
        #expect(WindowCompletion(OffsetPaginator(EventQuery(), pageSize: 10), distinct: SeenRows(0)) == .moved)
    }
}
