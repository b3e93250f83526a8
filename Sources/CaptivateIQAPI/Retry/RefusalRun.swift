/// A run of 429s without any other answer in between, over all requests of a client.
///
/// A pure value: times are uptimes, and randomness comes in.
package struct RefusalRun: Sendable, Equatable {
    /// How long nothing but 429 is borne. More than the longest limit (an hour), so that a used-up hour heals.
    package static let patience: Duration = .seconds(65 * 60)

    /// What a request that wants to be sent has to do.
    package enum Standing: Sendable, Equatable {
        /// Go on.
        case open
        /// Wait this long, then ask again.
        case hold(Duration)
        /// Stop: patience is over, or will be before the server wants to be asked again.
        case givenUp
    }

    private var since: Duration?
    private var latest: Duration = .zero
    private var roundStart: Duration = .zero
    private var holdUntil: Duration?

    /// 429s in a row, those of requests that were in flight together counted once.
    package private(set) var rounds = 0

    /// No 429 yet.
    package init() {}

    /// A 429 came.
    ///
    /// - Parameters:
    ///   - now: when.
    ///   - sentAt: when its request was sent.
    ///   - retryAfter: what the answer asks for.
    ///   - backoff: the pause for a number of refusals in a row.
    package mutating func refused(
        now: Duration, sentAt: Duration, retryAfter: Duration?, backoff: (_ rounds: Int) -> Duration
    ) {
        var wait = retryAfter ?? .zero
        // Requests that were already under way when the first one was refused say nothing new.
        if rounds == 0 || sentAt >= roundStart {
            rounds += 1
            roundStart = now
            wait = max(wait, backoff(rounds))
        }
        since = since ?? now
        latest = now
        holdUntil = max(holdUntil ?? now, now + wait)
    }

    /// Any answer but a 429 came: the run is over. A wait that the server asked for still holds.
    package mutating func answered() {
        since = nil
        rounds = 0
    }

    /// What a request has to do at `now`.
    package func standing(now: Duration) -> Standing {
        let end = holdUntil ?? now
        if let since {
            let limit = since + Self.patience
            if latest >= limit { return .givenUp }
            if end > limit { return now >= limit ? .givenUp : .hold(limit - now) }
        }
        return now >= end ? .open : .hold(end - now)
    }
}
