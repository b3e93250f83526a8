package import CivilTime
package import Logging

/// The one way out: every request of a client passes here first, in the order of asking, as soon as both limits
/// and any 429's wait allow, and no sooner.
package actor RequestGate {
    /// Why a request may not pass.
    package enum Closed: Error, Equatable {
        /// The task was cancelled.
        case cancelled
        /// Nothing but 429 for as long as that is borne.
        case refusedTooLong
    }

    /// Waits from this on are told at level notice.
    package static let notableWait: Duration = .seconds(5)
    /// The ledger is written at most once in this time.
    private static let saveInterval: Duration = .seconds(1)

    private let clock: any TimeSource
    private let store: any RequestLedgerStore
    private let random: @Sendable () -> Double
    private let policy: RetryPolicy
    private let logger: Logger
    private let turn = FairTurn()
    private var budget: RequestBudget
    private var run = RefusalRun()
    private var lastSave: Duration?
    private var waited: Duration = .zero

    /// A gate that goes on from what `store` remembers; what cannot be read counts as nothing.
    package init(
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
    package func pass() async throws(Closed) -> Duration {
        do {
            try await turn.acquire()
        } catch {
            throw .cancelled
        }
        defer { turn.release() }
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

    /// A 429 came for a request that passed at `sentAt`: nothing passes until its wait is over.
    package func refused(sentAt: Duration, retryAfter: Duration?) {
        run.refused(now: clock.uptime(), sentAt: sentAt, retryAfter: retryAfter) { rounds in
            policy.delay(afterFailures: rounds, random: random())
        }
    }

    /// Any answer but a 429 came.
    package func answered() {
        run.answered()
    }

    /// Time spent waiting in the gate, and the requests that the hour still allows.
    package func figures() -> (waited: Duration, left: Int) {
        (waited, budget.left(now: clock.uptime()))
    }

    /// Writes the ledger now.
    package func saveLedger() {
        let uptime = clock.uptime()
        lastSave = uptime
        store.save(budget.ledger(uptime: uptime, wallClock: clock.now()).encoded())
    }

    /// How long to wait; nil when the request has been counted and may go.
    private func wait(now: Duration) throws(Closed) -> Duration? {
        switch run.standing(now: now) {
        case .givenUp: throw .refusedTooLong
        case .hold(let wait):
            tell(wait, "The API asks for a pause (429); waiting")
            return wait
        case .open: break
        }
        guard case .wait(let wait) = budget.reserve(now: now) else { return nil }
        tell(wait, "The hourly limit is used up; waiting")
        return wait
    }

    private func tell(_ wait: Duration, _ message: Logger.Message) {
        guard wait > Self.notableWait else { return }
        logger.notice(message, metadata: ["wait": "\(wait.rounded)"])
    }

    private func saveIfDue(now: Duration) {
        if let lastSave, now - lastSave < Self.saveInterval { return }
        saveLedger()
    }
}
