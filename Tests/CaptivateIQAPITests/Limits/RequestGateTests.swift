import CaptivateIQAPI
import Logging
import SyncTestSupport
import Testing

@Suite struct RequestGateTests {
    private static func gate(
        _ clock: ManualClock, perSecond: Int = 5, perHour: Int = 1500, store: MemoryLedger = MemoryLedger(),
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) -> RequestGate {
        RequestGate(
            perSecond: perSecond, perHour: perHour, clock: clock, store: store, random: { 0.5 }, policy: .standard,
            logger: logger)
    }

    @Test func turnsGoInTheOrderOfAsking() async throws {
        let turn = FairTurn()
        let order = Recorder<Int>()
        try await turn.acquire()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    do {
                        try await turn.acquire()
                        order.append(number)
                        turn.release()
                    } catch {
                        Issue.record("cancelled")
                    }
                }
                // The next one asks only when this one stands in the queue.
                while turn.waiting <= number { await Task.yield() }
            }
            turn.release()
        }
        #expect(order.all == Array(0..<20))
    }

    @Test func aCancelledTurnIsPassedOver() async throws {
        let turn = FairTurn()
        try await turn.acquire()
        let first = Task { try await turn.acquire() }
        while turn.waiting < 1 { await Task.yield() }
        let second = Task { try await turn.acquire() }
        while turn.waiting < 2 { await Task.yield() }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        turn.release()
        try await second.value
        turn.release()
        try await turn.acquire()
    }

    @Test func cancellingTheWaitingHeadLetsTheNextOneWait() async throws {
        let clock = ManualClock()
        let gate = Self.gate(clock, perSecond: 1)
        _ = try await gate.pass()
        let head = Task { try await gate.pass() }
        await clock.sleepers(atLeast: 1)
        let next = Task { try await gate.pass() }
        head.cancel()
        await #expect(throws: RequestGate.Closed.cancelled) { try await head.value }
        await clock.sleepers(atLeast: 1)
        clock.advance(by: .milliseconds(1050))
        #expect(try await next.value == .milliseconds(1050))
    }

    @Test func aCancelledTaskDoesNotPass() async throws {
        let gate = Self.gate(ManualClock())
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await gate.pass()
        }
        task.cancel()
        await #expect(throws: RequestGate.Closed.cancelled) { try await task.value }
        #expect(await gate.figures().left == 1500)
    }

    @Test func bothLimitsAreKeptOverManyTasks() async throws {
        let clock = ManualClock(mode: .immediate)
        let gate = Self.gate(clock, perSecond: 5, perHour: 40)
        let granted = try await withThrowingTaskGroup(of: Duration.self) { group in
            for _ in 0..<100 { group.addTask { try await gate.pass() } }
            return try await group.reduce(into: []) { $0.append($1) }.sorted()
        }
        for (early, late) in zip(granted, granted.dropFirst(5)) { #expect(late - early >= .milliseconds(1050)) }
        for (early, late) in zip(granted, granted.dropFirst(40)) { #expect(late - early >= .seconds(3600)) }
        #expect(await gate.figures().waited == clock.uptime())
    }

    @Test func a429HoldsBackEverything() async throws {
        let clock = ManualClock()
        let gate = Self.gate(clock)
        let sentAt = try await gate.pass()
        await gate.refused(sentAt: sentAt, retryAfter: .seconds(30))
        let waiting = Task { try await gate.pass() }
        await clock.sleepers(atLeast: 1)
        #expect(clock.slept == [.seconds(30)])
        clock.advance(by: .seconds(30))
        #expect(try await waiting.value == .seconds(30))
    }

    @Test func a429DuringAWaitProlongsIt() async throws {
        let clock = ManualClock()
        let gate = Self.gate(clock, perSecond: 1)
        let sentAt = try await gate.pass()
        let waiting = Task { try await gate.pass() }
        await clock.sleepers(atLeast: 1)
        await gate.refused(sentAt: sentAt, retryAfter: .seconds(60))
        clock.advance(by: .milliseconds(1050))
        await clock.sleepers(atLeast: 1)
        clock.advance(by: .milliseconds(58_950))
        #expect(try await waiting.value == .seconds(60))
    }

    @Test func theLedgerIsWrittenAtMostOnceASecondAndOnDemand() async throws {
        let clock = ManualClock()
        let store = MemoryLedger()
        let gate = Self.gate(clock, perSecond: 100, store: store)
        for _ in 0..<10 { _ = try await gate.pass() }
        #expect(store.saves == 1)
        clock.advance(by: .milliseconds(999))
        _ = try await gate.pass()
        #expect(store.saves == 1)
        clock.advance(by: .milliseconds(1))
        _ = try await gate.pass()
        #expect(store.saves == 2)
        await gate.saveLedger()
        #expect(store.saves == 3)
        let ledger = try RequestLedger.decoded(try #require(store.bytes))
        #expect(ledger.hour.map(\.count) == [12])
    }

    @Test func theNextRunGoesOnFromTheLedger() async throws {
        let store = MemoryLedger()
        let first = Self.gate(ManualClock(), perSecond: 100, perHour: 20, store: store)
        for _ in 0..<15 { _ = try await first.pass() }
        await first.saveLedger()
        let second = Self.gate(ManualClock(), perSecond: 100, perHour: 20, store: store)
        #expect(await second.figures().left == 5)
    }

    @Test func anUnreadableLedgerIsToldAndIgnored() async {
        let log = LogCapture()
        let gate = Self.gate(ManualClock(), store: MemoryLedger(Array("{broken".utf8)), logger: log.logger())
        #expect(await gate.figures().left == 1500)
        #expect(log.lines.contains { $0.level == .warning })
    }

    @Test(arguments: [(Duration.seconds(5), 0), (.seconds(6), 1)])
    func longWaitsAreTold(wait: Duration, notices: Int) async throws {
        let log = LogCapture()
        let gate = Self.gate(ManualClock(mode: .immediate), logger: log.logger())
        await gate.refused(sentAt: .zero, retryAfter: wait)
        _ = try await gate.pass()
        #expect(log.lines.filter { $0.level == .notice }.count == notices)
    }
}
