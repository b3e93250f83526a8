@testable import CaptivateIQSimulator
import Testing

@Suite struct ControlTests {
    @Test func eventsAreTheNDJSONOfTheArchive() throws {
        let bench = try Bench()
        let response = bench.get("/_simulator/events")
        let lines = bench.core.events(at: bench.now).map { String(decoding: $0.json, as: UTF8.self) + "\n" }
        #expect(response.text == lines.joined())
        let keys = bench.core.events(at: bench.now).map { "\(TimestampText.rfc3339($0.createdAt)) \($0.id)" }
        #expect(keys == keys.sorted())
    }

    @Test func arriveAndPurge() throws {
        let bench = try Bench()
        #expect(bench.post("/_simulator/arrive?count=5&ties=5&late_hours=1.5").status == 200)
        #expect(try bench.page().total == 305)
        #expect(bench.post("/_simulator/purge?count=4").status == 200)
        #expect(try bench.page().total == 301)
        #expect(bench.get("/_simulator/events?purged=1").text.split(separator: "\n").count == 305)
    }

    @Test func statistics() throws {
        let bench = try Bench { $0.faults.schedule = [2: .status503] }
        _ = (bench.list("?limit=2"), bench.list())
        let text = bench.get("/_simulator/stats").text
        #expect(text.hasPrefix(#"{"requests":2,"by_status":{"200":1,"503":1},"by_fault":{"503":1},"limits_broken":0,"#))
        #expect(bench.post("/_simulator/reset-stats").status == 200)
        #expect(bench.core.statistics.requests == 0)
    }

    @Test func faultsAreReplacedAndCountAnew() throws {
        let bench = try Bench { $0.faults.rates = [.status500: 1] }
        #expect(bench.list().status == 500)
        #expect(bench.post("/_simulator/faults", body: "502@2\n504@3").status == 200)
        #expect([bench.list().status, bench.list().status, bench.list().status] == [200, 502, 504])
        #expect(bench.post("/_simulator/quiet").status == 200)
        #expect(bench.list().status == 200)
    }

    @Test(arguments: [
        "/_simulator/arrive?count=x", "/_simulator/arrive?late_hours=-1", "/_simulator/purge?count=-1",
        "/_simulator/arrive?ties=many"
    ])
    func unreadableNumbers(target: String) throws {
        #expect(try Bench().post(target).status == 400)
    }

    @Test func unknownRoutesAndFaults() throws {
        let bench = try Bench()
        #expect(bench.post("/_simulator/nothing").status == 404)
        #expect(bench.get("/_simulator/arrive").status == 404)
        #expect(bench.post("/_simulator/faults", body: "what").status == 400)
    }
}
