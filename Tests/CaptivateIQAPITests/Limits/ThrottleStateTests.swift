@testable import CaptivateIQAPI
import Testing

@Suite struct ThrottleStateTests {
    private static func throttle(
        _ state: inout ThrottleState, at now: Int, sentAt: Int? = nil, retryAfter: Int? = nil, backoff: Int = 0
    ) {
        state.throttled(
            now: .seconds(now), sentAt: .seconds(sentAt ?? now), retryAfter: retryAfter.map { .seconds($0) }
        ) { _ in .seconds(backoff) }
    }

    @Test(arguments: [(nil, 7, 7), (30, 7, 30), (5, 7, 7), (0, 0, 0)] as [(Int?, Int, Int)])
    func theLongerOfRetryAfterAndBackoffHolds(retryAfter: Int?, backoff: Int, expected: Int) {
        var state = ThrottleState()
        Self.throttle(&state, at: 100, retryAfter: retryAfter, backoff: backoff)
        #expect(state.standing(now: .seconds(100)) == (expected == 0 ? .open : .hold(.seconds(expected))))
        #expect(state.standing(now: .seconds(100 + expected)) == .open)
    }

    @Test func refusalsOfRequestsInFlightTogetherCountOnce() {
        var state = ThrottleState()
        for answeredAt in 10..<18 { Self.throttle(&state, at: answeredAt, sentAt: 9, backoff: 20) }
        #expect(state.rounds == 1)
        #expect(state.standing(now: .seconds(18)) == .hold(.seconds(12)))
        Self.throttle(&state, at: 31, sentAt: 30, backoff: 20)
        #expect(state.rounds == 2)
    }

    @Test func aLateRefusalStillExtendsTheWait() {
        var state = ThrottleState()
        Self.throttle(&state, at: 10, sentAt: 9, retryAfter: 5)
        Self.throttle(&state, at: 11, sentAt: 9, retryAfter: 60)
        Self.throttle(&state, at: 12, sentAt: 9, retryAfter: 1)
        #expect(state.standing(now: .seconds(12)) == .hold(.seconds(59)))
    }

    @Test func anotherAnswerEndsTheRunButNotTheWait() {
        var state = ThrottleState()
        Self.throttle(&state, at: 0, retryAfter: 3600)
        state.answered()
        #expect(state.standing(now: .seconds(10)) == .hold(.seconds(3590)))
        Self.throttle(&state, at: 3600, retryAfter: 3600)
        #expect(state.rounds == 1)
        #expect(state.standing(now: .seconds(7200)) == .open)
    }

    @Test func patienceEndsAfter65Minutes() {
        var state = ThrottleState()
        for minute in 0..<65 {
            Self.throttle(&state, at: minute * 60, backoff: 59)
            #expect(state.standing(now: .seconds(minute * 60 + 59)) == .open)
        }
        Self.throttle(&state, at: 65 * 60 - 1, backoff: 0)
        #expect(state.standing(now: .seconds(65 * 60 - 1)) == .open)
        Self.throttle(&state, at: 65 * 60, backoff: 0)
        #expect(state.standing(now: .seconds(65 * 60)) == .givenUp)
    }

    @Test func aWaitPastTheEndOfPatienceIsNotAskedAgain() {
        var state = ThrottleState()
        Self.throttle(&state, at: 0, retryAfter: 3600)
        Self.throttle(&state, at: 3600, retryAfter: 3600)
        #expect(state.standing(now: .seconds(3600)) == .hold(.seconds(300)))
        #expect(state.standing(now: .seconds(3900)) == .givenUp)
    }
}
