@testable import CaptivateIQAPI
import SyncTestSupport
import Testing

@Suite struct RateLimitTests {
    @Test func refusalsUseUpNoTries() async throws {
        let transport = ScriptedTransport { (index, _) throws(TransportError) in
            index < 30 ? .text(429, "", [("Retry-After", "1")]) : .emptyList
        }
        let clock = ManualClock(mode: .immediate)
        let client = try makeClient(transport, clock: clock)
        #expect(try await client.page(firstPage).totalCount == 0)
        let statistics = await client.statistics()
        #expect(statistics.requests == 31)
        #expect(statistics.retries == 30)
        #expect(statistics.waited == clock.uptime())
    }

    @Test func refusalsBetweenFaultsUseUpNoTriesEither() async throws {
        let transport = ScriptedTransport { (index, _) throws(TransportError) in
            index % 2 == 0 ? .text(429, "") : .text(500, "")
        }
        let client = try makeClient(transport)
        let error = await failure { () async throws(APIError) in try await client.page(firstPage) }
        #expect(error?.kind == .unreachable)
        #expect(transport.requests.count == 16)
    }

    @Test func theBackoffGrowsWithConsecutiveRefusals() async throws {
        let transport = ScriptedTransport { (index, _) throws(TransportError) in
            index < 9 ? .text(429, "") : .emptyList
        }
        let clock = ManualClock(mode: .immediate)
        _ = try await makeClient(transport, clock: clock, random: { 0.5 }).page(firstPage)
        #expect(clock.slept == [0.25, 0.5, 1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
    }

    @Test func theLongerOfRetryAfterAndBackoffIsWaitedFor() async throws {
        let transport = ScriptedTransport { (index, _) throws(TransportError) in
            switch index {
            case 0: .text(429, "", [("Retry-After", "90")])
            case 1: .text(429, "", [("Retry-After", "0")])
            case 2: .text(429, "", [("Retry-After", "-9")])
            case 3:
                .text(
                    429, "",
                    [("Retry-After", "Mon, 23 Nov 2026 12:02:00 GMT"), ("Date", "Mon, 23 Nov 2026 12:00:00 GMT")])
            default: .emptyList
            }
        }
        let clock = ManualClock(mode: .immediate)
        _ = try await makeClient(transport, clock: clock, random: { 0.5 }).page(firstPage)
        #expect(clock.slept == [90, 0.5, 1, 120].map { .seconds($0) })
    }

    @Test(arguments: [nil, "1", "600", "3600"] as [String?])
    func after65MinutesOfNothingElseItIsGivenUp(retryAfter: String?) async throws {
        let headers = retryAfter.map { [("Retry-After", $0)] } ?? []
        let transport = ScriptedTransport { (_, _) throws(TransportError) in .text(429, "", headers) }
        let clock = ManualClock(mode: .immediate)
        let client = try makeClient(transport, clock: clock)
        let error = try #require(await failure { () async throws(APIError) in try await client.page(firstPage) })
        #expect(error.kind == .rateLimited)
        #expect(error.summary.contains("429") && error.summary.contains("65 minutes"))
        #expect(clock.uptime() >= .seconds(65 * 60) && clock.uptime() <= .seconds(66 * 60 + 1))
    }

    @Test func anyOtherAnswerStartsThe65MinutesAnew() async throws {
        let clock = ManualClock(mode: .immediate)
        let transport = ScriptedTransport { (index, _) throws(TransportError) in
            switch index {
            case 0, 2: .text(429, "", [("Retry-After", "3600")])
            case 1: .text(500, "")
            default: .emptyList
            }
        }
        #expect(try await makeClient(transport, clock: clock).page(firstPage).totalCount == 0)
        #expect(clock.uptime() > .seconds(7200))
    }

    @Test func oneRefusalHoldsBackTheOtherRequests() async throws {
        let clock = ManualClock(mode: .immediate)
        let times = Recorder<Duration>()
        let transport = ScriptedTransport { (index, _) throws(TransportError) in
            times.append(clock.uptime())
            return index == 0 ? .text(429, "", [("Retry-After", "60")]) : .emptyList
        }
        let client = try makeClient(transport, clock: clock)
        let first = try await client.page(firstPage)
        _ = try await client.page(firstPage)
        #expect(first.totalCount == 0)
        #expect(times.all == [.zero, .seconds(60), .seconds(60)])
    }

    @Test(arguments: [(budget: 100, requests: 40), (budget: 1_500, requests: 400)])
    func fiveRunsWithinAnHourShareTheBudget(budget: Int, requests: Int) async throws {
        let ledger = MemoryLedger()
        let clock = ManualClock(mode: .immediate)
        let times = Recorder<Duration>()
        let transport = ScriptedTransport { (_, _) throws(TransportError) in
            times.append(clock.uptime())
            return .emptyList
        }
        for _ in 0..<5 {
            let client = try makeClient(transport, clock: clock, perSecond: 5, perHour: budget, ledger: ledger)
            for _ in 0..<requests { _ = try await client.page(firstPage) }
            await client.saveLedger()
            try await clock.sleep(for: .seconds(120))
        }
        let sent = times.all
        #expect(sent.count > budget)
        for (early, late) in zip(sent, sent.dropFirst(budget)) { #expect(late - early >= .seconds(3600)) }
        for (early, late) in zip(sent, sent.dropFirst(5)) { #expect(late - early >= .seconds(1)) }
    }
}
