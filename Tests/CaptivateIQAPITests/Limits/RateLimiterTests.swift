@testable import CaptivateIQAPI
import Logging
import SyncTestSupport
import Testing

@Suite struct RateLimiterTests {
    private static func limiter(
        _ clock: ManualClock, perSecond: Int = 5, perHour: Int = 1500, store: MemoryLedger = MemoryLedger(),
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) -> RateLimiter {
        RateLimiter(
            perSecond: perSecond, perHour: perHour, clock: clock, store: store, random: { 0.5 }, policy: .standard,
            logger: logger)
    }

    @Test func turnsGoInTheOrderOfAsking() async throws {
        let mutex = AsyncMutex()
        let order = Recorder<Int>()
        try await mutex.acquire()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    do {
                        try await mutex.acquire()
                        order.append(number)
                        mutex.release()
                    } catch {
                        Issue.record("cancelled")
                    }
                }
                // The next one asks only when this one stands in the queue.
                while mutex.waiting <= number { await Task.yield() }
            }
            mutex.release()
        }
        #expect(order.all == Array(0..<20))
    }

    @Test func aCancelledTurnIsPassedOver() async throws {
        let mutex = AsyncMutex()
        try await mutex.acquire()
        let first = Task { try await mutex.acquire() }
        while mutex.waiting < 1 { await Task.yield() }
        let second = Task { try await mutex.acquire() }
        while mutex.waiting < 2 { await Task.yield() }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        mutex.release()
        try await second.value
        mutex.release()
        try await mutex.acquire()
    }

    @Test func cancellingTheWaitingHeadLetsTheNextOneWait() async throws {
        let clock = ManualClock()
        let limiter = Self.limiter(clock, perSecond: 1)
        _ = try await limiter.pass()
        let head = Task { try await limiter.pass() }
        await clock.sleepers(atLeast: 1)
        let next = Task { try await limiter.pass() }
        head.cancel()
        await #expect(throws: RateLimiter.Closed.cancelled) { try await head.value }
        await clock.sleepers(atLeast: 1)
        clock.advance(by: .milliseconds(1050))
        #expect(try await next.value == .milliseconds(1050))
    }

    @Test func aCancelledTaskDoesNotPass() async throws {
        let limiter = Self.limiter(ManualClock())
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await limiter.pass()
        }
        task.cancel()
        await #expect(throws: RateLimiter.Closed.cancelled) { try await task.value }
        #expect(await limiter.figures().left == 1500)
    }

    @Test func bothLimitsAreKeptOverManyTasks() async throws {
        let clock = ManualClock(mode: .immediate)
        let limiter = Self.limiter(clock, perSecond: 5, perHour: 40)
        let granted = try await withThrowingTaskGroup(of: Duration.self) { group in
            for _ in 0..<100 { group.addTask { try await limiter.pass() } }
            return try await group.reduce(into: []) { $0.append($1) }.sorted()
        }
        for (early, late) in zip(granted, granted.dropFirst(5)) { #expect(late - early >= .milliseconds(1050)) }
        for (early, late) in zip(granted, granted.dropFirst(40)) { #expect(late - early >= .seconds(3600)) }
        #expect(await limiter.figures().waited == clock.uptime())
    }

    @Test func a429HoldsBackEverything() async throws {
        let clock = ManualClock()
        let limiter = Self.limiter(clock)
        let sentAt = try await limiter.pass()
        await limiter.throttled(sentAt: sentAt, retryAfter: .seconds(30))
        let waiting = Task { try await limiter.pass() }
        await clock.sleepers(atLeast: 1)
        #expect(clock.slept == [.seconds(30)])
        clock.advance(by: .seconds(30))
        #expect(try await waiting.value == .seconds(30))
    }

    @Test func a429DuringAWaitProlongsIt() async throws {
        let clock = ManualClock()
        let limiter = Self.limiter(clock, perSecond: 1)
        let sentAt = try await limiter.pass()
        let waiting = Task { try await limiter.pass() }
        await clock.sleepers(atLeast: 1)
        await limiter.throttled(sentAt: sentAt, retryAfter: .seconds(60))
        clock.advance(by: .milliseconds(1050))
        await clock.sleepers(atLeast: 1)
        clock.advance(by: .milliseconds(58_950))
        #expect(try await waiting.value == .seconds(60))
    }

    @Test func theLedgerIsWrittenAtMostOnceASecondAndOnDemand() async throws {
        let clock = ManualClock()
        let store = MemoryLedger()
        let limiter = Self.limiter(clock, perSecond: 100, store: store)
        for _ in 0..<10 { _ = try await limiter.pass() }
        #expect(store.saves == 1)
        clock.advance(by: .milliseconds(999))
        _ = try await limiter.pass()
        #expect(store.saves == 1)
        clock.advance(by: .milliseconds(1))
        _ = try await limiter.pass()
        #expect(store.saves == 2)
        await limiter.saveLedger()
        #expect(store.saves == 3)
        let ledger = try RequestLedger.decoded(try #require(store.bytes))
        #expect(ledger.hour.map(\.count) == [12])
    }

    @Test func theNextRunGoesOnFromTheLedger() async throws {
        let store = MemoryLedger()
        let first = Self.limiter(ManualClock(), perSecond: 100, perHour: 20, store: store)
        for _ in 0..<15 { _ = try await first.pass() }
        await first.saveLedger()
        let second = Self.limiter(ManualClock(), perSecond: 100, perHour: 20, store: store)
        #expect(await second.figures().left == 5)
    }

    @Test func anUnreadableLedgerIsToldAndIgnored() async {
        let log = LogCapture()
        let limiter = Self.limiter(ManualClock(), store: MemoryLedger(Array("{broken".utf8)), logger: log.logger())
        #expect(await limiter.figures().left == 1500)
        #expect(log.lines.contains { $0.level == .warning })
    }

    @Test(arguments: [(Duration.seconds(5), 0), (.seconds(6), 1)])
    func longWaitsAreTold(wait: Duration, notices: Int) async throws {
        let log = LogCapture()
        let limiter = Self.limiter(ManualClock(mode: .immediate), logger: log.logger())
        await limiter.throttled(sentAt: .zero, retryAfter: wait)
        _ = try await limiter.pass()
        #expect(log.lines.filter { $0.level == .notice }.count == notices)
    }
}
