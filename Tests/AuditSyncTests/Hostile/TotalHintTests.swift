import AuditArchive
@testable import AuditSync
import CaptivateIQAPI
import CaptivateIQSimulator
import CivilTime
import SyncTestSupport
import Testing

/// `total_count` may say anything: what a server lists is archived, said to be whole, and not read again and again.
@Suite("Totals are hints")
struct TotalHintTests {
    private func expectWhole(
        pageSize: Int = 50, tries: Int = 2, requests: Int? = nil, _ configure: (inout SimulatorConfiguration) -> Void
    ) async throws {
        try await SyncHarness.runInMemory(configure) { harness in
            _ = try await harness.settle(pageSize: pageSize, tries: tries)
            // Of a list whose newest rows have no place of their own, all that a sync looks at is read.
            let isSorted = [EventOrder.ascending, .descending].contains(harness.core.listing.order)
            try await harness.expectSettled(pageSize: pageSize, requests: requests ?? (isSorted ? 2 : 12))
            harness.clock.advance(by: .seconds(3_600))
            harness.arrive(30)
            _ = try await harness.settle(pageSize: pageSize, tries: tries)
            try harness.expectEqual()
        }
    }

    @Test("`limit` cut without a word, and a total that is the rows of the page", arguments: EventOrder.allCases)
    func cutLimit(order: EventOrder) async throws {
        try await expectWhole(pageSize: 1_000) {
            $0.population.count = 500
            $0.listing.limitCap = 100
            $0.listing.totalMode = .page
            $0.listing.order = order
        }
    }

    @Test(
        "`limit` cut without a word, no `next`, and a total that is the rows of the page, or the rows so far",
        arguments: EventOrder.allCases, [TotalMode.page, .running])
    func cutLimitWithoutNext(order: EventOrder, mode: TotalMode) async throws {
        try await expectWhole(pageSize: 1_000) {
            $0.population.count = 500
            $0.listing.limitCap = 100
            $0.listing.totalMode = mode
            $0.listing.nextRule = .total
            $0.listing.order = order
        }
    }

    @Test("`limit` cut to what is no round number, and days that fill just one such page", arguments: [7, 77, 80, 81])
    func oddCut(cap: Int) async throws {
        try await SyncHarness.runInMemory {
            $0.population.count = 80
            $0.listing.limitCap = cap
            $0.listing.totalMode = .page
            $0.listing.nextRule = .total
        } _: { harness in
            _ = try await harness.settle(pageSize: 1_000)
            try harness.expectEqual()
            // A page as long as the longest before is doubted again after half a day.
            for _ in 0..<5 {
                harness.clock.advance(by: .seconds(43_200))
                harness.arrive(50)
                _ = try await harness.settle(pageSize: 1_000)
                try harness.expectEqual()
            }
        }
    }

    @Test("what may be a cut page costs one request, once")
    func priceOfDoubt() async throws {
        try await SyncHarness.runInMemory {
            $0.population.count = 41
        } _: { harness in
            var requests: [Int] = []
            for _ in 0..<3 { requests.append(try await harness.sync(pageSize: 1_000).report.requests) }
            // Fewer rows than a page has had.
            harness.clock.advance(by: .seconds(3_600))
            harness.arrive(2)
            requests.append(try await harness.sync(pageSize: 1_000).report.requests)
            #expect(requests == [2, 1, 1, 1])
        }
    }

    @Test("a total that is the rows so far", arguments: EventOrder.allCases, [NextRule.list, .total])
    func running(order: EventOrder, rule: NextRule) async throws {
        // In a list without an order an arrival may be anywhere: all of its pages are read, and again to prove it.
        let most = [.shuffledTies: 8, .unordered: 16][order] ?? 2
        try await expectWhole(pageSize: 21, requests: most) {
            $0.population.count = 120
            $0.listing.totalMode = .running
            $0.listing.nextRule = rule
            $0.listing.order = order
        }
    }

    @Test("two of three rows, a total of two and a `next`")
    func smallest() async throws {
        try await expectWhole {
            $0.population.count = 3
            $0.listing.limitCap = 2
            $0.listing.totalMode = .page
        }
    }

    @Test("a total that stops at a number far below what there is", arguments: [100, 399, 400, 7])
    func capped(most: Int) async throws {
        try await expectWhole { $0.listing.totalMode = .capped(most) }
    }

    @Test(
        "a list and its total that end at one number without a word",
        arguments: [1_000, 1_250], [EventOrder.ascending, .descending])
    func cutWithoutAWord(most: Int, order: EventOrder) async throws {
        try await expectWhole(pageSize: 250) {
            $0.population.count = 3_000
            $0.population.days = 20
            $0.listing.cut(to: most)
            $0.listing.order = order
        }
    }

    @Test(
        "a day that fills all that lists are cut to hides no other day",
        arguments: [EventOrder.ascending, .descending])
    func heavyDay(order: EventOrder) async throws {
        try await SyncHarness.runInMemory {
            $0.population.count = 0
            $0.listing.cut(to: 1_000)
            $0.listing.order = order
        } _: { harness in
            for (days, count) in [(9, 1_000), (12, 300), (5, 300)] {
                let newest = SyncHarness.begin - .seconds(days * 86_400)
                let times = (0..<count).map { number in (newest - .seconds(number * 40)).microseconds }
                harness.core.add(at: times, now: SimulatorInstant(harness.clock))
            }
            _ = try await harness.settle(pageSize: 500)
            try harness.expectEqual()
        }
    }

    @Test("that a long list is whole costs three requests, once in half a day")
    func priceOfALongList() async throws {
        try await SyncHarness.runInMemory {
            $0.population.count = 3_000
        } _: { harness in
            var requests: [Int] = []
            for _ in 0..<3 {
                requests.append(try await harness.sync(pageSize: 1_000).report.requests)
                harness.arrive(2)
            }
            #expect(requests == [7, 1, 1])
        }
    }

    @Test("a total that is too high for ever", arguments: [1, 2, 40], EventOrder.allCases)
    func tooHigh(more: Int, order: EventOrder) async throws {
        try await expectWhole {
            $0.listing.totalMode = .plus(more)
            $0.listing.order = order
        }
    }

    @Test(
        "a row that is listed twice",
        arguments: [
            DoubledRows(count: 1), DoubledRows(count: 1, areFarApart: true), DoubledRows(count: 3, areCounted: false)
        ],
        EventOrder.allCases)
    func doubled(rows: DoubledRows, order: EventOrder) async throws {
        // All pages of a list without an order, twice.
        try await expectWhole(requests: order == .unordered ? 16 : nil) {
            $0.listing.doubled = rows
            $0.listing.order = order
        }
    }

    @Test("an empty id that comes twice")
    func emptyID() async throws {
        try await SyncHarness.runInMemory { harness in
            let others = (0..<40).map { record(id: "\"\($0)\"", at: "2026-02-2\(1 + $0 % 8)T10:00:00Z") }
            let empty = [1, 2].map { record(id: "\"\"", at: "2026-02-25T11:00:00Z", ",\"version\":\($0)") }
            let server = RecordServer(others + empty, .init(honorsDates: true, patience: 2_000))
            let client = try harness.makeClient(server)
            _ = try await harness.settle(client: client)
            #expect(try harness.archivedLines().count == 41)
            #expect(try harness.manifest().pending.isEmpty)
            for _ in 1...2 {
                let before = server.requests
                #expect(try await harness.sync(client: client).failure == nil)
                #expect(server.requests - before <= 2)
            }
        }
    }

    @Test("a total one too low, with no `next` after a full last page", arguments: [41, 21, 61, 101], [1, 2])
    func tooLow(count: Int, less: Int) async throws {
        try await expectWhole(pageSize: 20) {
            $0.population.count = count
            $0.listing.totalMode = .minus(less)
            $0.listing.nextRule = .total
        }
    }

    @Test(
        "two pages in turn for ever end after a bounded number of requests, and keep what came",
        arguments: [TotalMode.exact, .page, .zero, .plus(1_000_000)])
    func twoPagesInTurn(mode: TotalMode) async throws {
        try await SyncHarness.runInMemory {
            $0.listing.pageCycle = 2
            $0.listing.totalMode = mode
        } _: { harness in
            let outcome = try await harness.sync()
            #expect(outcome.failure != nil)
            #expect(outcome.report.requests < 600)
            #expect(try !harness.archivedLines().isEmpty)
            try harness.list {
                $0.pageCycle = nil
                $0.totalMode = .exact
            }
            _ = try await harness.settle()
            try harness.expectEqual()
        }
    }
}
