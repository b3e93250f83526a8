@testable import CaptivateIQAPI
import TestSupport
import Testing

@Suite struct RetryPolicyTests {
    @Test(arguments: zip(1...10, [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60]))
    func ceilings(failures: Int, seconds: Double) {
        #expect(RetryPolicy.standard.ceiling(afterFailures: failures) == .seconds(seconds))
    }

    @Test func extremes() {
        let policy = RetryPolicy.standard
        #expect(policy.ceiling(afterFailures: .max) == .seconds(60))
        #expect(policy.ceiling(afterFailures: 0) == .milliseconds(500))
        #expect(policy.delay(afterFailures: 3, random: -1) == .zero)
        #expect(policy.delay(afterFailures: 3, random: 7) == .seconds(2))
        #expect(policy.maximumTries == 8)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func jitterFillsTheWholeRange(seed: UInt64) {
        var source = SeededRandom(seed: seed)
        let policy = RetryPolicy.standard
        for failures in 1...8 {
            let ceiling = policy.ceiling(afterFailures: failures)
            let delays = (0..<200).map { _ in
                policy.delay(afterFailures: failures, random: Double.random(in: 0..<1, using: &source))
            }
            #expect(delays.allSatisfy { $0 >= .zero && $0 < ceiling }, "seed \(seed)")
            #expect(delays.contains { $0 < ceiling / 4 } && delays.contains { $0 > ceiling * 3 / 4 }, "seed \(seed)")
        }
    }
}
