@testable import CaptivateIQSimulator
import Testing

@Suite struct MotionTests {
    @Test(arguments: [1, 4])
    func arrivalsGoToTheNewestEnd(ties: Int) throws {
        var bench = try Bench { configuration in
            configuration.motion.arrivalsPerRequest = 8
            configuration.motion.ties = ties
        }
        let before = try bench.page("?limit=1000").ids
        bench.pass(.seconds(30))
        let after = try bench.page("?limit=1000")
        #expect(Array(after.ids.prefix(300)) == before)
        #expect(after.total == 308)
        let new = after.times.suffix(8)
        #expect(Set(new).count == 8 / ties)
        #expect(new.allSatisfy { $0 > after.times[299] && $0 <= bench.wall })
    }

    @Test func lateArrivalsAreDatedBack() throws {
        var bench = try Bench { configuration in
            configuration.motion.arrivalsPerRequest = 200
            configuration.motion.lateShare = 0.5
            configuration.motion.lateHours = 12
        }
        let before = Set(try bench.page("?limit=1000").ids)
        bench.pass(.seconds(60))
        let now = bench.wall
        let page = try bench.page("?limit=1000")
        let new = zip(page.ids, page.times).filter { !before.contains($0.0) }.map(\.1)
        #expect(new.count == 200)
        #expect(new.allSatisfy { (now - 12 * CivilTime.hour...now).contains($0) })
        let late = new.count { $0 < now - 60 * CivilTime.second }
        #expect((60...140).contains(late))
    }

    @Test func arrivalsByHandAndPurge() throws {
        let bench = try Bench()
        let first = bench.core.events(at: bench.now)
        bench.core.arrive(count: 10, lateHours: 20, ties: 2, at: bench.now)
        #expect(bench.core.events(at: bench.now).count == 310)
        bench.core.purge(count: 25)
        #expect(try bench.page("?limit=1000").total == 285)
        #expect(bench.core.events(at: bench.now).first?.id == first[25].id)
        let withPurged = bench.core.events(at: bench.now, includingPurged: true)
        #expect(withPurged.count == 310 && withPurged.first == first.first)
        bench.core.purge(count: 1_000)
        #expect(try bench.page().total == 0)
    }

    @Test func purgesWhileReading() throws {
        let bench = try Bench { $0.motion.purgesPerRequest = 5 }
        #expect(try [bench.page().total, bench.page().total, bench.page().total] == [300, 295, 290])
    }

    @Test func quietEndsAllMotion() throws {
        let bench = try Bench { configuration in
            configuration.motion.arrivalsPerRequest = 3
            configuration.motion.purgesPerRequest = 5
            configuration.faults.rates = [.status500: 1]
        }
        _ = bench.list()
        bench.core.quiet()
        #expect(try bench.page().total == bench.page().total)
    }

    @Test func delayedEventsComeLater() throws {
        var bench = try Bench { configuration in
            configuration.population.days = 1
            configuration.population.delayedShare = 0.5
            configuration.population.delayedHours = 20
        }
        let first = try bench.page().total
        #expect((150..<300).contains(first))
        var totals = [first]
        for _ in 0..<5 {
            bench.pass(.seconds(4 * 3_600))
            totals.append(try bench.page().total)
        }
        #expect(totals == totals.sorted())
        #expect(totals.last == 300)
        let ids = try bench.page("?limit=1000").ids
        #expect(ids == bench.core.events(at: bench.now).map(\.id))
    }

    @Test func changedContentFromTheSecondReadOn() throws {
        let bench = try Bench { $0.population.changedShare = 0.1 }
        let originals = bench.core.ndjson(at: bench.now)
        let first = try bench.page("?limit=1000").objects
        let second = try bench.page("?limit=1000").objects
        #expect(first.allSatisfy { $0["revision"] == nil })
        let changed = second.filter { $0["revision"] as? Int == 2 }
        #expect((10...60).contains(changed.count))
        #expect(bench.core.ndjson(at: bench.now) == originals)
    }

    @Test func aFailedAnswerIsNoRead() throws {
        let bench = try Bench { configuration in
            configuration.population.changedShare = 1
            configuration.faults.schedule = [1: .truncate, 2: .emptyPage]
        }
        _ = bench.list("?limit=1000")
        _ = bench.list("?limit=1000")
        #expect(try bench.page("?limit=1000").objects.allSatisfy { $0["revision"] == nil })
    }
}
