@testable import CaptivateIQSimulator
import Testing

@Suite struct PagingTests {
    @Test(arguments: EventOrder.allCases, [1, 7, 50, 299, 300, 1_000])
    func everyEventOnceWhileQuiet(order: EventOrder, limit: Int) throws {
        // Ties that move lose events across page edges; that is what they are for.
        if order == .shuffledTies, limit < 300 { return }
        let bench = try Bench { $0.listing.order = order }
        let all = bench.core.events(at: bench.now).map(\.id)
        let walked = try bench.walk(limit: limit)
        #expect(walked.count == 300)
        #expect(Set(walked) == Set(all))
    }

    @Test func ordersAreWhatTheirNamesSay() throws {
        let all = { (order: EventOrder) in
            let bench = try Bench { $0.listing.order = order }
            return (try bench.page("?limit=1000").ids, bench.core.events(at: bench.now).map(\.id))
        }
        let ascending = try all(.ascending)
        #expect(ascending.0 == ascending.1)
        let descending = try all(.descending)
        #expect(descending.0 == descending.1.reversed())
        let unordered = try all(.unordered)
        #expect(unordered.0 != unordered.1 && unordered.0 != unordered.1.reversed())
    }

    @Test func unorderedIsTheSameForEveryRequest() throws {
        let bench = try Bench { $0.listing.order = .unordered }
        let whole = try bench.page("?limit=1000").ids
        #expect(try bench.walk(limit: 13) == whole)
    }

    @Test func shuffledTiesMoveOnlyWithinTheirTime() throws {
        let bench = try Bench { configuration in
            configuration.listing.order = .shuffledTies
            configuration.population.count = 2_000
        }
        var orders: Set<[String]> = []
        for _ in 0..<5 {
            let page = try bench.page("?limit=1000&offset=300")
            #expect(page.times == page.times.sorted())
            #expect(page.ids.count == 1_000 && Set(page.ids).count == 1_000)
            orders.insert(page.ids)
        }
        #expect(orders.count == 5)
    }

    @Test(arguments: [("", 50), ("?limit=7", 7), ("?limit=137", 137), ("?limit=138", 137), ("?limit=1000", 137)])
    func limitIsCutWithoutAWord(query: String, count: Int) throws {
        let bench = try Bench { $0.listing.limitCap = 137 }
        let page = try bench.page(query)
        #expect(page.ids.count == count)
        #expect(page.total == 300)
        #expect(page.next != nil)
    }

    @Test func neverMoreThanAThousand() throws {
        let bench = try Bench { $0.population.count = 1_500 }
        #expect(try bench.page("?limit=5000").ids.count == 1_000)
    }

    @Test(arguments: [(299, 1), (300, 0), (301, 0), (Int.max, 0)])
    func offsetAtAndPastTheEnd(offset: Int, count: Int) throws {
        let page = try Bench().page("?limit=10&offset=\(offset)")
        #expect(page.ids.count == count)
        #expect(page.total == 300)
        #expect(page.next == nil)
    }

    @Test(arguments: [
        "?limit=0", "?limit=-1", "?limit=x", "?limit=", "?offset=-1", "?offset=1.5", "?start_date=2026-02-30",
        "?start_date=yesterday", "?end_date=2026-11-21T00:00:00Z", "?offset=99999999999999999999"
    ])
    func unreadableParametersAreRefused(query: String) throws {
        let response = try Bench().list(query)
        #expect(response.status == 400)
        #expect(response.header("Content-Type") == "application/json")
    }

    @Test func orderingIsIgnoredUnlessConfigured() throws {
        let ignoring = try Bench()
        #expect(try ignoring.page("?ordering=-created_at").ids == ignoring.page().ids)
        let honoring = try Bench { $0.listing.honorsOrdering = true }
        let times = try honoring.page("?ordering=-created_at&limit=300").times
        #expect(times == times.sorted(by: >))
        #expect(try honoring.page("?ordering=nonsense").ids == honoring.page().ids)
    }

    @Test func sameSeedSameAnswers() throws {
        let answers = { (seed: UInt64) in
            let bench = try Bench { configuration in
                configuration.population.seed = seed
                configuration.faults.rates = [.truncate: 0.2, .wrongShape: 0.2]
                configuration.motion.arrivalsPerRequest = 3
                configuration.motion.lateShare = 0.5
            }
            return (0..<20).map { bench.list("?limit=20&offset=\($0 * 20)") }
        }
        #expect(try answers(5) == answers(5))
        #expect(try answers(5) != answers(6))
    }
}
