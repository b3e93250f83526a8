/// A series of 429s without any other answer in between, over all requests of a client.
///
/// A pure value: times are uptimes, and randomness comes in.
struct ThrottleState: Sendable, Equatable {
    /// How long nothing but 429 is accepted. Longer than the hourly limit's window, so that a used-up hour passes.
    static let patience: Duration = .seconds(65 * 60)

    /// What a request that wants to be sent has to do.
    enum Standing: Sendable, Equatable {
        /// Send it.
        case open
        /// Wait this long, then ask again.
        case hold(Duration)
        /// Give up: `patience` is over, or will be before the wait ends.
        case givenUp
    }

    private var since: Duration?
    private var latest: Duration = .zero
    private var roundStart: Duration = .zero
    private var holdUntil: Duration?

    /// 429s in a row, those of requests that were in flight together counted once.
    private(set) var rounds = 0

    /// Records a 429.
    ///
    /// - Parameters:
    ///   - now: when.
    ///   - sentAt: when its request was sent.
    ///   - retryAfter: what the answer asks for.
    ///   - backoff: the pause after a number of 429s in a row.
    mutating func throttled(
        now: Duration, sentAt: Duration, retryAfter: Duration?, backoff: (_ rounds: Int) -> Duration
    ) {
        var wait = retryAfter ?? .zero
        // Requests that were in flight when the first 429 came count together with it.
        if rounds == 0 || sentAt >= roundStart {
            rounds += 1
            roundStart = now
            wait = max(wait, backoff(rounds))
        }
        since = since ?? now
        latest = now
        holdUntil = max(holdUntil ?? now, now + wait)
    }

    /// Records an answer other than 429, which ends the series. A wait that the server asked for still holds.
    mutating func answered() {
        since = nil
        rounds = 0
    }

    /// Returns what a request has to do at `now`.
    func standing(now: Duration) -> Standing {
        let end = holdUntil ?? now
        if let since {
            let limit = since + Self.patience
            if latest >= limit { return .givenUp }
            if end > limit { return now >= limit ? .givenUp : .hold(limit - now) }
        }
        return now >= end ? .open : .hold(end - now)
    }
}
