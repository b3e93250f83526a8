@testable import CaptivateIQSimulator
import Testing

@Suite("A filter whose zone changes")
struct FilterZoneTests {
    private let query = "?start_date=2026-11-17&limit=1000"

    private func count(_ bench: Bench, zone: Int) throws -> Int {
        let midnight = try #require(TimestampText.parseDay("2026-11-17")) - Int64(zone) * 60 * CivilTime.second
        return bench.core.events(at: bench.now).count { $0.createdAt >= midnight }
    }

    @Test("at a request")
    func request() throws {
        let bench = try Bench {
            $0.listing.filterChanges = ["840@2", "-720@4"].compactMap { FilterChange($0) }
        }
        let found = try (1...5).map { _ in try bench.page(query).ids.count }
        let expected = try [0, 840, 840, -720, -720].map { try count(bench, zone: $0) }
        #expect(found == expected && Set(found).count == 3)
    }

    @Test("at a time")
    func time() throws {
        var bench = try Bench {
            $0.listing.filterChanges = [FilterChange("840@2026-11-21T00:01:00Z")].compactMap { $0 }
        }
        #expect(try bench.page(query).ids.count == count(bench, zone: 0))
        bench.pass(.seconds(60))
        #expect(try bench.page(query).ids.count == count(bench, zone: 840))
    }

    @Test("by a control call, from which requests are counted anew")
    func control() throws {
        let bench = try Bench()
        #expect(try bench.page(query).ids.count == count(bench, zone: 0))
        #expect(bench.post("/_simulator/listing", body: "filter-offset-minutes=840 filter-change=-720@2").status == 200)
        #expect(try bench.page(query).ids.count == count(bench, zone: 840))
        #expect(try bench.page(query).ids.count == count(bench, zone: -720))
    }

    @Test(
        "in summer: the days then have other midnights, and two of the others are a day apart by an hour less or more")
    func summer() throws {
        let bench = try Bench { $0.listing.summerTime = SummerTime("2026-11-14/2026-11-17:600") }
        let day = { (text: String) in try #require(TimestampText.parseDay(text)) }
        let shift = 600 * 60 * CivilTime.second
        for (first, last, from, to) in [
            ("2026-11-13", "2026-11-13", try day("2026-11-13"), try day("2026-11-14") - shift),
            ("2026-11-16", "2026-11-16", try day("2026-11-16") - shift, try day("2026-11-17")),
            ("2026-11-14", "2026-11-15", try day("2026-11-14") - shift, try day("2026-11-16") - shift)
        ] {
            let expected = bench.core.events(at: bench.now).filter { (from..<to).contains($0.createdAt) }.map(\.id)
            #expect(try bench.page("?start_date=\(first)&end_date=\(last)&limit=1000").ids == expected)
        }
    }

    @Test("texts are read as they are written", arguments: ["330@12", "-60@2026-10-25T01:00:00.000000Z"])
    func changes(text: String) {
        #expect(FilterChange(text)?.description == text)
    }

    @Test(
        "what is no change or summer is not read",
        arguments: ["", "330", "@3", "x@3", "3@x", "2026-03-29", "a/b", "2026-03-29/2026-03-28"])
    func noTexts(text: String) {
        #expect(FilterChange(text) == nil && SummerTime(text) == nil)
    }
}
