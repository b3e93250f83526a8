@testable import CaptivateIQAPI
import SyncTestSupport
import Testing

@Suite struct RetryLoopTests {
    @Test(arguments: [
        (HTTPResponse.text(500, ""), APIError.Kind.unreachable), (.text(503, ""), .unreachable),
        (.text(504, ""), .unreachable), (.text(200, "<html>"), .unusable), (.text(200, "{}"), .unusable)
    ])
    func eightTriesThenAnError(response: HTTPResponse, kind: APIError.Kind) async throws {
        let transport = ScriptedTransport { (_, _) throws(TransportError) in response }
        let clock = ManualClock(mode: .immediate)
        let client = try makeClient(transport, clock: clock)
        let error = try #require(await failure { () async throws(APIError) in try await client.page(firstPage) })
        #expect(error.kind == kind)
        #expect(error.summary.hasPrefix("after 8 tries, the API "))
        #expect(error.url == transport.urls.last)
        #expect(transport.requests.count == 8)
        // The greatest backoffs: 0.5, 1, 2, 4, 8, 16, 32 s.
        #expect(clock.slept.count == 7)
        #expect(clock.uptime() > .seconds(63) && clock.uptime() <= .seconds(63.5))
        let statistics = await client.statistics()
        #expect(statistics.requests == 8)
        #expect(statistics.retries == 7)
        #expect(statistics.waited == clock.uptime())
    }

    @Test(arguments: [500, 502, 503, 504])
    func aPauseThatTheServerAsksForIsMade(status: Int) async throws {
        let transport = ScriptedTransport { (index, _) throws(TransportError) in
            index < 2 ? .text(status, "", [("Retry-After", "90")]) : .emptyList
        }
        let clock = ManualClock(mode: .immediate)
        #expect(try await makeClient(transport, clock: clock).page(firstPage).totalCount == 0)
        #expect(clock.uptime() >= .seconds(180) && clock.uptime() < .seconds(182))
    }

    @Test func aPauseOfHoursIsLeftToAnotherRun() async throws {
        let transport = ScriptedTransport { (_, _) throws(TransportError) in .text(503, "", [("Retry-After", "3600")]) }
        let clock = ManualClock(mode: .immediate)
        let client = try makeClient(transport, clock: clock)
        let error = await failure { () async throws(APIError) in try await client.page(firstPage) }
        #expect(error?.kind == .unreachable && error?.summary.contains("asks to wait for 3600.0 s") == true)
        #expect(transport.requests.count == 2 && clock.uptime() < .seconds(3700))
    }

    @Test(arguments: [(429, APIError.Kind.rateLimited, 1), (503, .unreachable, 2)])
    func anImpatientClientWaitsForNothing(status: Int, kind: APIError.Kind, requests: Int) async throws {
        let transport = ScriptedTransport { (_, _) throws(TransportError) in .text(status, "") }
        let clock = ManualClock(mode: .immediate)
        let client = try makeClient(transport, clock: clock, isPatient: false)
        let error = await failure { () async throws(APIError) in try await client.page(firstPage) }
        #expect(error?.kind == kind && transport.requests.count == requests)
        #expect(clock.uptime() < .seconds(2))
    }

    @Test(arguments: [
        TransportError.connection("reset"), .truncated("short"), .proxy("x"), .timedOut("x")
    ])
    func transportErrorsAreTriedAgain(error: TransportError) async throws {
        let transport = ScriptedTransport { (index, _) throws(TransportError) in
            if index < 7 { throw error }
            return .emptyList
        }
        #expect(try await makeClient(transport).page(firstPage).totalCount == 0)
        #expect(transport.requests.count == 8)
    }

    @Test(arguments: [401, 403, 400, 404, 301, 307])
    func pointlessTriesAreNotMade(status: Int) async throws {
        let transport = ScriptedTransport { (_, _) throws(TransportError) in .text(status, "{}") }
        let client = try makeClient(transport)
        let error = await failure { () async throws(APIError) in try await client.page(firstPage) }
        #expect(error?.kind == (status == 401 ? .unauthorized : status == 403 ? .forbidden : .unusable))
        #expect(transport.requests.count == 1)
    }

    @Test(arguments: [
        (1000, [1000, 500, 250, 125, 62, 50, 50, 50]), (137, [137, 68, 50, 50, 50, 50, 50, 50]),
        (60, [60, 50, 50, 50, 50, 50, 50, 50]), (50, Array(repeating: 50, count: 8)),
        (20, Array(repeating: 20, count: 8)), (1, Array(repeating: 1, count: 8))
    ])
    func gatewayErrorsAndTimeOutsHalveTheLimit(limit: Int, expected: [Int]) async throws {
        let transport = ScriptedTransport { (index, _) throws(TransportError) in
            if index % 2 == 0 { throw .timedOut("slow") }
            return .text(502, "")
        }
        let client = try makeClient(transport)
        let request = PageRequest(query: EventQuery(), offset: 7, limit: limit)
        _ = await failure { () async throws(APIError) in try await client.page(request) }
        #expect(transport.urls.map { $0.contains("offset=7&") } == Array(repeating: true, count: 8))
        #expect(transport.urls.map(limitOf) == expected)
    }

    @Test func onlyTheRequestThatFailedIsHalvedAndThePageTellsIt() async throws {
        let transport = ScriptedTransport { (index, _) throws(TransportError) in
            index == 0 ? .text(502, "") : .emptyList
        }
        let client = try makeClient(transport)
        #expect(try await client.page(firstPage).request.limit == 500)
        #expect(try await client.page(firstPage).request == firstPage)
    }

    @Test func otherFaultsKeepTheLimit() async throws {
        let transport = ScriptedTransport { (_, _) throws(TransportError) in .text(503, "") }
        let client = try makeClient(transport)
        _ = await failure { () async throws(APIError) in try await client.page(firstPage) }
        #expect(Set(transport.urls.map(limitOf)) == [1000])
    }

    @Test func anAnswerThatIsTooLargeIsAskedForInSmallerPiecesAsLongAsThatIsPossible() async throws {
        let transport = ScriptedTransport { (_, _) throws(TransportError) in throw .tooLarge(limit: 9) }
        let client = try makeClient(transport)
        let request = PageRequest(query: EventQuery(), offset: 0, limit: 200)
        let error = await failure { () async throws(APIError) in try await client.page(request) }
        #expect(error?.kind == .unusable)
        #expect(transport.urls.map(limitOf) == [200, 100, 50, 25, 12, 6, 3, 1])
    }

    @Test func cancellingEndsABackoffAtOnce() async throws {
        let clock = ManualClock()
        let transport = ScriptedTransport { (_, _) throws(TransportError) in .text(503, "") }
        let client = try makeClient(transport, clock: clock)
        let task = Task { await failure { () async throws(APIError) in try await client.page(firstPage) } }
        await clock.sleepers(atLeast: 1)
        task.cancel()
        #expect(await task.value?.kind == .cancelled)
        #expect(transport.requests.count == 1)
    }

    @Test(arguments: [TransportError.cancelled, .connection("closed while being cancelled")])
    func cancellingEndsARequest(error: TransportError) async throws {
        let clock = ManualClock()
        let transport = ScriptedTransport { (_, _) throws(TransportError) in
            do {
                try await clock.sleep(for: .seconds(60))
            } catch {}
            throw error
        }
        let client = try makeClient(transport, clock: clock)
        let task = Task { await failure { () async throws(APIError) in try await client.page(firstPage) } }
        await clock.sleepers(atLeast: 1)
        task.cancel()
        #expect(await task.value?.kind == .cancelled)
        #expect(transport.requests.count == 1)
    }
}

/// The `limit` in a URL.
private func limitOf(_ url: String) -> Int? {
    url.split(whereSeparator: { $0 == "?" || $0 == "&" }).lazy
        .filter { $0.hasPrefix("limit=") }
        .compactMap { Int($0.dropFirst("limit=".count)) }.first
}
