@testable import CaptivateIQSimulator
import Testing

@Suite struct LimitTests {
    @Test func perSecondIsASlidingWindow() throws {
        var bench = try Bench { $0.pacing.requestsPerSecond = 5 }
        var statuses: [Int] = []
        for _ in 0..<6 {
            statuses.append(bench.list().status)
            bench.pass(.milliseconds(100))
        }
        #expect(statuses == [200, 200, 200, 200, 200, 429])
        bench.pass(.milliseconds(399))
        #expect(bench.list().status == 429)
        bench.pass(.milliseconds(1))
        #expect(bench.list().status == 200)
        #expect(bench.list().status == 429)
        #expect(bench.core.statistics.limitsBroken == 3)
    }

    @Test func perHour() throws {
        var bench = try Bench { $0.pacing.requestsPerHour = 10 }
        for _ in 0..<10 {
            #expect(bench.list().status == 200)
            bench.pass(.seconds(60))
        }
        #expect(bench.list().status == 429)
        bench.pass(.seconds(50 * 60) - .milliseconds(1))
        #expect(bench.list().status == 429)
        bench.pass(.milliseconds(1))
        #expect(bench.list().status == 200)
        #expect(bench.list().status == 429)
    }

    @Test(arguments: [
        (RetryAfterStyle.none, nil), (.seconds, "1800"), (.date, "Sat, 21 Nov 2026 01:00:01 GMT")
    ])
    func retryAfter(style: RetryAfterStyle, value: String?) throws {
        var bench = try Bench { configuration in
            configuration.pacing.requestsPerHour = 1
            configuration.pacing.retryAfter = style
        }
        #expect(bench.list().status == 200)
        bench.pass(.seconds(1_800))
        let response = bench.list()
        #expect(response.status == 429)
        #expect(response.header("Retry-After") == value)
        #expect(response.text == #"{"detail":"Request was throttled. Expected available in 1800 seconds."}"#)
    }

    @Test func whoWaitsAsToldIsLetIn() throws {
        for style in [RetryAfterStyle.seconds, .date] {
            var bench = try Bench { configuration in
                configuration.pacing.requestsPerSecond = 2
                configuration.pacing.retryAfter = style
            }
            bench.pass(.milliseconds(700))
            #expect(bench.list().status == 200 && bench.list().status == 200)
            let answer = bench.list()
            #expect(answer.status == 429)
            bench.pass(.seconds(style == .seconds ? 1 : 2))
            #expect(bench.list().status == 200)
        }
    }

    @Test func statisticsCountTheBusiestTimes() throws {
        var bench = try Bench()
        for _ in 0..<3 { _ = bench.list("?limit=10") }
        bench.pass(.seconds(10))
        for _ in 0..<8 { _ = bench.list("?limit=10") }
        let statistics = bench.core.statistics
        #expect(statistics.requests == 11 && statistics.byStatus == [200: 11])
        #expect(statistics.maxInASecond == 8 && statistics.maxInAnHour == 11)
        #expect(statistics.records == 110)
        bench.core.resetStatistics()
        #expect(bench.core.statistics == SimulatorStatistics())
    }

    @Test func latencyPerRequestAndRecord() throws {
        let bench = try Bench { configuration in
            configuration.pacing.latency = .milliseconds(400)
            configuration.pacing.latencyPerRecord = .microseconds(500)
        }
        #expect(bench.list("?limit=100").delay == .milliseconds(450))
        #expect(bench.list("?offset=300").delay == .milliseconds(400))
    }

    @Test func askingForTooMuchTimesOut() throws {
        let bench = try Bench { $0.pacing.gatewayTimeoutAbove = 200 }
        #expect(bench.list("?limit=201").status == 502)
        #expect(bench.list("?limit=200").status == 200)
    }
}
