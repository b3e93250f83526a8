@testable import CaptivateIQSimulator
import Testing

@Suite struct FilterTests {
    /// Events of 2026-11-11 to 2026-11-21, filtered by days in each meaning they might have.
    @Test(arguments: [true, false], [0, -480, 330, 840])
    func daysMeanWhatIsConfigured(inclusive: Bool, zone: Int) throws {
        let bench = try Bench { configuration in
            configuration.listing.endDateInclusive = inclusive
            configuration.listing.filterOffsetMinutes = zone
        }
        let shift = Int64(zone) * 60 * CivilTime.second
        let from = try #require(TimestampText.parseDay("2026-11-13")) - shift
        let to = try #require(TimestampText.parseDay("2026-11-17")) - shift + (inclusive ? CivilTime.day : 0)
        let expected = bench.core.events(at: bench.now).filter { (from..<to).contains($0.createdAt) }.map(\.id)
        let page = try bench.page("?start_date=2026-11-13&end_date=2026-11-17&limit=1000")
        #expect(page.ids == expected)
        #expect(page.total == expected.count)
        #expect(!expected.isEmpty)
    }

    @Test func oneSidedAndEmptyRanges() throws {
        let bench = try Bench()
        let border = try #require(TimestampText.parseDay("2026-11-16"))
        let events = bench.core.events(at: bench.now)
        let from = try bench.page("?start_date=2026-11-16")
        #expect(from.total == events.count { $0.createdAt >= border })
        let until = try bench.page("?end_date=2026-11-15")
        #expect(until.total == events.count { $0.createdAt < border })
        #expect(try bench.page("?start_date=2026-11-16&end_date=2026-11-12").total == 0)
    }

    @Test func filteredPagesFitTogetherInEveryOrder() throws {
        for order in [EventOrder.ascending, .descending, .unordered] {
            let bench = try Bench { $0.listing.order = order }
            let query = "&start_date=2026-11-13&end_date=2026-11-17"
            let whole = try bench.page("?limit=1000" + query).ids
            #expect(try bench.walk(limit: 11, query) == whole)
            #expect(Set(whole).count == whole.count)
        }
    }

    @Test func emailSelectsOneUser() throws {
        let bench = try Bench()
        let objects = try bench.page("?limit=1000").objects
        let email = try #require(objects.first?["user_email"] as? String)
        let expected = objects.filter { $0["user_email"] as? String == email }.compactMap { $0["id"] as? String }
        let page = try bench.page("?email=\(email)&limit=1000")
        #expect(page.ids == expected)
        #expect(page.total == expected.count && expected.count < 300)
        #expect(try bench.page("?email=nobody%40example.com").total == 0)
    }
}
