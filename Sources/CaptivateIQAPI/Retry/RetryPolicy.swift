/// How often and after what pauses a request is sent again: exponential backoff with full jitter.
package struct RetryPolicy: Sendable, Equatable {
    /// The policy of the client: 8 tries, 0.5 s to 60 s.
    package static let standard = RetryPolicy()

    /// Tries of one request, the first counted.
    package var maximumTries = 8
    /// The longest possible pause after the first failure.
    package var base: Duration = .milliseconds(500)
    /// The longest possible pause after any.
    package var cap: Duration = .seconds(60)

    /// The standard policy.
    package init() {}

    /// The pause after the `failures`-th failure in a row, from zero to a bound that doubles with each.
    ///
    /// - Parameter random: where in that range, from 0 to below 1. The full range keeps clients that failed
    ///   together from coming back together.
    package func delay(afterFailures failures: Int, random: Double) -> Duration {
        ceiling(afterFailures: failures) * min(max(random, 0), 1)
    }

    /// The bound of `delay`.
    package func ceiling(afterFailures failures: Int) -> Duration {
        // 0.5 s doubled 7 times is past the cap; the limit keeps the shift from overflowing.
        let doublings = min(max(failures - 1, 0), 20)
        return min(cap, base * (1 << doublings))
    }
}
