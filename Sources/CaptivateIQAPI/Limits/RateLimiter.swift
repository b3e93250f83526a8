import CivilTime
import Logging

/// Delays requests so that both limits and the waits of 429s are kept. Requests pass in the order in which they ask.
actor RateLimiter {
    /// Why a request may not pass.
    enum Closed: Error, Equatable {
        /// The task was cancelled.
        case cancelled
        /// Nothing but 429 was received for `ThrottleState.patience`.
        case throttledTooLong
    }

    /// Longer waits are logged at level notice.
    static let notableWait: Duration = .seconds(5)
    /// The ledger is written at most once in this time.
    private static let saveInterval: Duration = .seconds(1)

    private let clock: any TimeSource
    private let store: any RequestLedgerStore
    private let random: @Sendable () -> Double
    private let policy: RetryPolicy
    private let logger: Logger
    private let mutex = AsyncMutex()
    private var budget: RequestBudget
    private var throttle = ThrottleState()
    private var lastSave: Duration?
    private var waited: Duration = .zero

    /// Makes a limiter that continues from what `store` remembers. An unreadable ledger counts as empty.
    init(
        perSecond: Int, perHour: Int, clock: any TimeSource, store: any RequestLedgerStore,
        random: @escaping @Sendable () -> Double, policy: RetryPolicy, logger: Logger
    ) {
        self.clock = clock
        self.store = store
        self.random = random
        self.policy = policy
        self.logger = logger
        budget = RequestBudget(
            perSecond: perSecond, perHour: perHour, ledger: Self.load(store, logger: logger),
            uptime: clock.uptime(), wallClock: clock.now())
    }

    private static func load(_ store: any RequestLedgerStore, logger: Logger) -> RequestLedger {
        guard let bytes = store.load() else { return RequestLedger() }
        do {
            return try RequestLedger.decoded(bytes)
        } catch {
            logger.warning(
                "The memory of the last hour's requests cannot be read; going on without it",
                metadata: ["error": "\(error)"])
            return RequestLedger()
        }
    }

    /// Waits until a request may be sent, and counts it.
    ///
    /// - Returns: the uptime at which it passed.
    func pass() async throws(Closed) -> Duration {
        do {
            try await mutex.acquire()
        } catch {
            throw .cancelled
        }
        defer { mutex.release() }
        while true {
            if Task.isCancelled { throw .cancelled }
            let now = clock.uptime()
            guard let wait = try wait(now: now) else {
                saveIfDue(now: now)
                return now
            }
            do {
                try await clock.sleep(for: wait)
            } catch {
                throw .cancelled
            }
            waited += clock.uptime() - now
        }
    }

    /// Records a 429 for a request that passed at `sentAt`. No request passes until its wait is over.
    func throttled(sentAt: Duration, retryAfter: Duration?) {
        throttle.throttled(now: clock.uptime(), sentAt: sentAt, retryAfter: retryAfter) { rounds in
            policy.delay(afterFailures: rounds, random: random())
        }
    }

    /// Records an answer other than 429.
    func answered() {
        throttle.answered()
    }

    /// Returns the time spent waiting here, and the requests that the hourly limit still allows.
    func figures() -> (waited: Duration, left: Int) {
        (waited, budget.left(now: clock.uptime()))
    }

    /// Writes the ledger now.
    func saveLedger() {
        let uptime = clock.uptime()
        lastSave = uptime
        store.save(budget.ledger(uptime: uptime, wallClock: clock.now()).encoded())
    }

    /// Returns how long to wait, or nil if the request may be sent and has been counted.
    private func wait(now: Duration) throws(Closed) -> Duration? {
        switch throttle.standing(now: now) {
        case .givenUp: throw .throttledTooLong
        case .hold(let wait):
            log(wait, "The API asks for a pause (429); waiting")
            return wait
        case .open: break
        }
        guard case .wait(let wait) = budget.reserve(now: now) else { return nil }
        log(wait, "The hourly limit is used up; waiting")
        return wait
    }

    private func log(_ wait: Duration, _ message: Logger.Message) {
        guard wait > Self.notableWait else { return }
        logger.notice(message, metadata: ["wait": "\(wait.rounded)"])
    }

    private func saveIfDue(now: Duration) {
        if let lastSave, now - lastSave < Self.saveInterval { return }
        saveLedger()
    }
}

extension Duration {
    /// Whole microseconds, towards zero.
    var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }

    /// Seconds, for messages.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }

    /// Seconds with one digit after the point, for messages.
    var rounded: String {
        let tenths = (seconds * 10).rounded() / 10
        return "\(tenths) s"
    }
}
