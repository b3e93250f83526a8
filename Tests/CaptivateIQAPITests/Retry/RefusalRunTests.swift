import CaptivateIQAPI
import Testing

@Suite struct RefusalRunTests {
    private static func refuse(
        _ run: inout RefusalRun, at now: Int, sentAt: Int? = nil, retryAfter: Int? = nil, backoff: Int = 0
    ) {
        run.refused(
            now: .seconds(now), sentAt: .seconds(sentAt ?? now), retryAfter: retryAfter.map { .seconds($0) }
        ) { _ in .seconds(backoff) }
    }

    @Test(arguments: [(nil, 7, 7), (30, 7, 30), (5, 7, 7), (0, 0, 0)] as [(Int?, Int, Int)])
    func theLongerOfRetryAfterAndBackoffHolds(retryAfter: Int?, backoff: Int, expected: Int) {
        var run = RefusalRun()
        Self.refuse(&run, at: 100, retryAfter: retryAfter, backoff: backoff)
        #expect(run.standing(now: .seconds(100)) == (expected == 0 ? .open : .hold(.seconds(expected))))
        #expect(run.standing(now: .seconds(100 + expected)) == .open)
    }

    @Test func refusalsOfRequestsInFlightTogetherCountOnce() {
        var run = RefusalRun()
        for answeredAt in 10..<18 { Self.refuse(&run, at: answeredAt, sentAt: 9, backoff: 20) }
        #expect(run.rounds == 1)
        #expect(run.standing(now: .seconds(18)) == .hold(.seconds(12)))
        Self.refuse(&run, at: 31, sentAt: 30, backoff: 20)
        #expect(run.rounds == 2)
    }

    @Test func aLateRefusalStillExtendsTheWait() {
        var run = RefusalRun()
        Self.refuse(&run, at: 10, sentAt: 9, retryAfter: 5)
        Self.refuse(&run, at: 11, sentAt: 9, retryAfter: 60)
        Self.refuse(&run, at: 12, sentAt: 9, retryAfter: 1)
        #expect(run.standing(now: .seconds(12)) == .hold(.seconds(59)))
    }

    @Test func anotherAnswerEndsTheRunButNotTheWait() {
        var run = RefusalRun()
        Self.refuse(&run, at: 0, retryAfter: 3600)
        run.answered()
        #expect(run.standing(now: .seconds(10)) == .hold(.seconds(3590)))
        Self.refuse(&run, at: 3600, retryAfter: 3600)
        #expect(run.rounds == 1)
        #expect(run.standing(now: .seconds(7200)) == .open)
    }

    @Test func patienceEndsAfter65Minutes() {
        var run = RefusalRun()
        for minute in 0..<65 {
            Self.refuse(&run, at: minute * 60, backoff: 59)
            #expect(run.standing(now: .seconds(minute * 60 + 59)) == .open)
        }
        Self.refuse(&run, at: 65 * 60 - 1, backoff: 0)
        #expect(run.standing(now: .seconds(65 * 60 - 1)) == .open)
        Self.refuse(&run, at: 65 * 60, backoff: 0)
        #expect(run.standing(now: .seconds(65 * 60)) == .givenUp)
    }

    @Test func aWaitPastTheEndOfPatienceIsNotAskedAgain() {
        var run = RefusalRun()
        Self.refuse(&run, at: 0, retryAfter: 3600)
        Self.refuse(&run, at: 3600, retryAfter: 3600)
        #expect(run.standing(now: .seconds(3600)) == .hold(.seconds(300)))
        #expect(run.standing(now: .seconds(3900)) == .givenUp)
    }
}
