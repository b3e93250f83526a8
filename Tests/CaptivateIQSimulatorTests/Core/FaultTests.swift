@testable import CaptivateIQSimulator
import Testing

@Suite struct FaultTests {
    private static let page = "?limit=20"

    private func only(_ kind: FaultKind) throws -> Bench {
        try Bench { $0.faults.schedule = [2: kind] }
    }

    @Test(arguments: FaultKind.allCases)
    func onlyTheScheduledRequestGoesWrong(kind: FaultKind) throws {
        let bench = try only(kind)
        let good = bench.list(Self.page)
        let bad = bench.list(Self.page)
        #expect(good.status == 200 && good.effect == .normal)
        #expect(bad != good)
        #expect(bench.list(Self.page) == good)
        #expect(bench.core.statistics.byFault == [kind: 1])
    }

    @Test(arguments: [
        (FaultKind.status500, 500), (.status502, 502), (.status503, 503), (.status504, 504), (.status429, 429),
        (.html200, 200), (.html403, 403), (.html503, 503), (.notJSON, 200), (.wrongShape, 200), (.emptyPage, 200),
        (.redirect, 302), (.status401, 401), (.status403, 403)
    ])
    func statuses(kind: FaultKind, status: Int) throws {
        let bench = try only(kind)
        _ = bench.list()
        let response = bench.list()
        #expect(response.status == status && response.effect == .normal)
        let isHTML = response.header("Content-Type")?.hasPrefix("text/html") == true
        #expect(isHTML == [.status500, .status502, .status504, .html200, .html403, .html503].contains(kind))
    }

    @Test func emptyPageKeepsTotalAndNext() throws {
        let bench = try only(.emptyPage)
        let good = try bench.page()
        let bad = try bench.page()
        #expect(bad.ids.isEmpty && bad.total == good.total && bad.next == good.next)
    }

    @Test func notJSONIsNone() throws {
        let bench = try only(.notJSON)
        _ = bench.list()
        let response = bench.list()
        #expect(throws: (any Error).self) { try Page(response.body) }
        #expect(response.header("Content-Type") == "application/json")
    }

    @Test func redirectGoesToAnotherHost() throws {
        let bench = try only(.redirect)
        _ = bench.list()
        #expect(bench.list().header("Location")?.hasPrefix("https://elsewhere.example/") == true)
    }

    @Test func effects() throws {
        let bench = try Bench { $0.faults.schedule = [1: .reset, 2: .timeout, 3: .truncate] }
        #expect(bench.list().effect == .reset)
        #expect(bench.list().effect == .stall)
        let cut = bench.list()
        guard case .truncate(let length) = cut.effect else {
            Issue.record("\(cut.effect)")
            return
        }
        #expect((0..<cut.body.count).contains(length))
    }

    @Test func ratesAreKept() throws {
        let bench = try Bench { $0.faults.rates = [.status502: 0.2, .reset: 0.05] }
        for _ in 0..<4_000 { _ = bench.list("?limit=1") }
        let counts = bench.core.statistics.byFault
        #expect((700...900).contains(counts[.status502] ?? 0))
        #expect((140...260).contains(counts[.reset] ?? 0))
        #expect(counts.count == 2)
    }

    @Test func readyAnswersComeFirst() throws {
        let bench = try Bench()
        var plan = FaultPlan()
        let ready = SimulatedResponse(status: 418, body: Array("tea".utf8))
        plan.answers = [1: ready]
        plan.schedule = [1: .reset]
        bench.core.setFaults(plan)
        #expect(bench.list().text == "tea")
        #expect(bench.list().status == 200)
    }

    @Test func specifications() throws {
        let plan = try FaultPlan(specifications: ["502:0.2", "reset:0.05", "html200@3,7", "NotJSON@1"])
        #expect(plan.rates == [.status502: 0.2, .reset: 0.05])
        #expect(plan.schedule == [3: .html200, 7: .html200, 1: .notJSON])
    }

    @Test(arguments: [
        ["502"], ["999:0.1"], ["502:x"], ["502:1.5"], ["502:-0.1"], ["502:0.6", "500:0.6"], ["502@0"], ["502@"],
        ["502@1,,2"], [""], ["502:nan"]
    ])
    func unreadableSpecifications(words: [String]) {
        #expect(throws: SimulatorConfigurationError.self) { try FaultPlan(specifications: words) }
    }
}
