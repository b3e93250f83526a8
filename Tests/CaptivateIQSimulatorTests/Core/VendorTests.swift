@testable import CaptivateIQSimulator
import Testing

@Suite("A vendor that touches old events")
struct VendorTests {
    @Test("moves an event to another time, with all else as it was; an archive keeps what was served first")
    func moves() throws {
        let bench = try Bench()
        let before = try bench.page("?limit=1000").objects
        let originals = bench.core.ndjson(at: bench.now)
        #expect(bench.post("/_simulator/move?count=20&hours=72").status == 200)
        let page = try bench.page("?limit=1000")
        #expect(page.times == page.times.sorted() && Set(page.ids).count == 300)
        let times = Dictionary(uniqueKeysWithValues: zip(page.ids, page.objects))
        var moved = 0
        for var old in before {
            var new = try #require(times[old["id"] as? String ?? ""])
            if old.removeValue(forKey: "created_at") as? String != new.removeValue(forKey: "created_at") as? String {
                moved += 1
            }
            #expect(old.keys == new.keys && old["object_id"] as? String == new["object_id"] as? String)
        }
        #expect(moved == 20)
        #expect(bench.core.ndjson(at: bench.now) == originals)
        #expect(bench.core.events(at: bench.now, includingPurged: true).count == 300)
        let histories = bench.core.histories(at: bench.now)
        #expect(
            histories.count { $0.versions.count == 2 } == 20 && histories.allSatisfy { $0.isListed && $0.wasServed })
    }

    @Test("an event that nobody saw before it moved is archived as it is then")
    func movesUnseen() throws {
        let bench = try Bench()
        let before = bench.core.ndjson(at: bench.now)
        bench.core.move(count: 20, hours: 72)
        let page = bench.list("?limit=1000")
        #expect(bench.core.ndjson(at: bench.now) != before)
        for event in bench.core.events(at: bench.now) {
            #expect(page.text.contains(String(decoding: event.json, as: UTF8.self)))
        }
    }

    @Test("edits events again and again")
    func edits() throws {
        let bench = try Bench { $0.population.count = 5 }
        let originals = bench.core.ndjson(at: bench.now)
        _ = bench.list()
        #expect(bench.post("/_simulator/edit?count=5").status == 200)
        #expect(bench.post("/_simulator/edit?count=5").status == 200)
        #expect(try bench.page().objects.allSatisfy { $0["revision"] as? Int == 3 })
        #expect(bench.core.ndjson(at: bench.now) == originals)
        #expect(bench.core.histories(at: bench.now).allSatisfy { $0.versions.count == 3 })
    }

    @Test("removes events anywhere")
    func removes() throws {
        let bench = try Bench()
        let ids = try bench.page("?limit=1000").ids
        #expect(bench.post("/_simulator/remove?id=\(ids[150])").status == 200)
        #expect(try bench.page("?limit=1000").ids == ids.enumerated().filter { $0.offset != 150 }.map(\.element))
        #expect(bench.post("/_simulator/remove?count=9").status == 200)
        #expect(try bench.page().total == 290)
        #expect(bench.core.events(at: bench.now, includingPurged: true).count == 300)
    }

    @Test("dates an event in the future, and those that arrive afterwards are not dated behind it")
    func future() throws {
        var bench = try Bench()
        #expect(bench.post("/_simulator/arrive?count=2&at=2026-12-01T00:00:00Z").status == 200)
        bench.pass(.seconds(60))
        bench.core.arrive(count: 3, at: bench.now)
        let times = try bench.page("?limit=1000").times
        let future = try #require(TimestampText.parse("2026-12-01"))
        #expect(times.suffix(2) == [future, future])
        #expect(times.dropLast(2).allSatisfy { $0 <= bench.wall } && times.count == 305)
    }

    @Test("writes the members in another order each time")
    func members() throws {
        let bench = try Bench {
            $0.listing.shufflesMembers = true
            $0.population.traits.oddShares = [.notAnObject: 0.05]
        }
        let (first, second) = (bench.list("?limit=1000"), bench.list("?limit=1000"))
        #expect(first.body.sorted() == second.body.sorted() && first.body != second.body)
        let plain = try Bench { $0.population.traits.oddShares = [.notAnObject: 0.05] }
        #expect(try Page(first.body).ids == plain.page("?limit=1000").ids)
        #expect(first.body.sorted() == plain.list("?limit=1000").body.sorted())
    }

    @Test(
        "listing words that make no sense change nothing",
        arguments: ["total=some", "what=1", "max-offset=-1", "doubled=2:near", "shuffle-members", "page-cycle=0"])
    func senseless(words: String) throws {
        let bench = try Bench()
        #expect(bench.post("/_simulator/listing", body: "limit-cap=7 \(words)").status == 400)
        #expect(try bench.page().ids.count == 50)
    }

    @Test("listing words take back what they set")
    func takenBack() throws {
        let bench = try Bench()
        let set =
            "max-offset=3 doubled=2:far page-cycle=2 total=zero summer-time=2026-01-01/2026-02-01 filter-change=3@4"
        let back = "max-offset=none doubled=none page-cycle=none total=exact summer-time=none filter-change=none"
        #expect(bench.post("/_simulator/listing", body: set).status == 200)
        #expect(bench.core.listing != SimulatorConfiguration.Listing())
        #expect(bench.post("/_simulator/listing", body: back).status == 200)
        #expect(bench.core.listing == SimulatorConfiguration.Listing())
    }
}
