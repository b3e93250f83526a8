@testable import CaptivateIQSimulator
import Testing

@Suite struct ConfigurationTests {
    @Test func defaultsAreValid() throws {
        try SimulatorConfiguration().validate()
    }

    static let bad: [(String, @Sendable (inout SimulatorConfiguration) -> Void)] = [
        ("--events", { $0.population.count = -1 }), ("--days", { $0.population.days = 0 }),
        ("--until", { $0.population.until = .max }), ("--until", { $0.population.until = .min / 2 }),
        ("--odd", { $0.population.traits.oddShares = [.noID: 0.6, .noCreatedAt: 0.6] }),
        ("--foreign-share", { $0.population.traits.foreignShare = .nan }),
        ("--changed-share", { $0.population.changedShare = 2 }),
        ("--delayed-share", { $0.population.delayedShare = -1 }),
        ("--delayed-hours", { $0.population.delayedHours = .infinity }),
        ("--default-limit", { $0.listing.defaultLimit = 0 }),
        ("--limit-cap", { $0.listing.limitCap = 1_001 }),
        ("--filter-offset-minutes", { $0.listing.filterOffsetMinutes = 2_000 }),
        ("--total", { $0.listing.totalMode = .minus(-1) }), ("--max-offset", { $0.listing.maxOffset = -1 }),
        ("--doubled", { $0.listing.doubled = DoubledRows(count: -1) }), ("--page-cycle", { $0.listing.pageCycle = 0 }),
        ("--filter-change", { $0.listing.filterChanges = [FilterChange(at: .request(1), offsetMinutes: 1_441)] }),
        ("--summer-time", { $0.listing.summerTime = SummerTime(days: 0..<1, minutes: -1_441) }),
        ("--total", { $0.listing.totalMode = .plus(.max) }), ("--latency-ms", { $0.pacing.latency = .seconds(-1) }),
        ("--latency-per-record-us", { $0.pacing.latencyPerRecord = .seconds(-1) }),
        ("--requests-per-second", { $0.pacing.requestsPerSecond = 0 }),
        ("--requests-per-hour", { $0.pacing.requestsPerHour = 0 }),
        ("--gateway-timeout-above", { $0.pacing.gatewayTimeoutAbove = 0 }),
        ("--arrivals-per-request", { $0.motion.arrivalsPerRequest = -1 }),
        ("--purges-per-request", { $0.motion.purgesPerRequest = -1 }), ("--late-share", { $0.motion.lateShare = 1.1 }),
        ("--late-hours", { $0.motion.lateHours = -1 }), ("--ties", { $0.motion.ties = 0 }),
        ("--fault", { $0.faults.rates = [.reset: 2] }), ("--token", { $0.token = "" }),
        ("--clock-offset-seconds", { $0.clockOffset = .max })
    ]

    @Test(arguments: bad.indices)
    func senselessValuesAreNamed(index: Int) throws {
        let (setting, change) = Self.bad[index]
        var configuration = SimulatorConfiguration()
        change(&configuration)
        let error = #expect(throws: SimulatorConfigurationError.self) { try configuration.validate() }
        #expect(error?.setting == setting)
    }

    @Test func aClockThatIsWrongShowsInDateAndEvents() throws {
        let bench = try Bench { $0.clockOffset = -2 * CivilTime.hour }
        #expect(bench.list().header("Date") == "Fri, 20 Nov 2026 22:00:00 GMT")
        let newest = try #require(bench.core.events(at: bench.now).last)
        #expect(newest.createdAt <= bench.wall - 2 * CivilTime.hour)
    }

    @Test func aFixedUntilGivesTheSameEventsWheneverItStarts() throws {
        let texts = try [0, 1_000_000_000_000].map { (later: Int64) in
            var configuration = SimulatorConfiguration()
            configuration.population.count = 50
            configuration.population.until = Bench.start
            let now = SimulatorInstant(wall: Bench.start + later, monotonic: .zero)
            return try SimulatorCore(configuration, at: now).ndjson(at: now)
        }
        #expect(texts[0] == texts[1])
    }
}
