import CivilTime
import Logging
import Synchronization

/// Sends a request until a list is received or a retry cannot help. The only layer that retries.
final class RequestExecutor: Sendable {
    /// A list that was answered.
    struct Answer: Sendable {
        /// What was asked for in the end.
        let target: RequestTarget
        let url: String
        let list: ListScan
        let body: [UInt8]
        let serverDate: Timestamp?
    }

    private struct Counters {
        var requests = 0
        var retries = 0
        var backoff: Duration = .zero
        var serverDate: Timestamp?
    }

    private let settings: APISettings
    private let token: APIToken
    private let transport: any HTTPTransport
    private let clock: any TimeSource
    private let random: @Sendable () -> Double
    private let limiter: RateLimiter
    private let policy: RetryPolicy
    private let logger: Logger
    private let classifier: ResponseClassifier
    private let counters = Mutex(Counters())

    init(
        settings: APISettings, token: APIToken, transport: any HTTPTransport, clock: any TimeSource,
        random: @escaping @Sendable () -> Double, limiter: RateLimiter, policy: RetryPolicy, logger: Logger
    ) {
        self.settings = settings
        self.token = token
        self.transport = transport
        self.clock = clock
        self.random = random
        self.limiter = limiter
        self.policy = policy
        self.logger = logger
        classifier = ResponseClassifier(token: token)
    }

    /// The list that `wanted` names, or a smaller page of it where the server could not manage more. `tries`: how many
    /// there are; nil for as many as usual.
    func list(_ wanted: RequestTarget, tries: Int? = nil) async throws(APIError) -> Answer {
        var target = wanted
        var (failures, halvings) = (0, 0)
        var askedToWait: Duration = .zero
        let tries = tries ?? (settings.isPatient ? policy.maximumTries : 2)
        while true {
            let url = target.url(under: settings.baseURL)
            let sentAt = try await pass(url: url)
            let outcome = await send(url: url)
            switch outcome.verdict {
            case .list(let list):
                return Answer(
                    target: target, url: url, list: list, body: outcome.body, serverDate: outcome.serverDate)
            case .rateLimited where !settings.isPatient:
                throw APIError(
                    kind: .rateLimited, summary: "the API answered 429: a limit is used up", url: url,
                    hint: Hint.rateLimited)
            case .rateLimited(let retryAfter):
                await limiter.throttled(sentAt: sentAt, retryAfter: retryAfter)
                counters.withLock { $0.retries += 1 }
                logger.notice("The API answered 429", metadata: ["url": "\(url)"])
            case .permanent(let failure):
                throw failure.error(url: url, tries: 1)
            case .cancelled:
                throw Self.cancelled(url: url)
            case .retry(let failure, .must):
                // The server did what was asked of it: to wait helps nothing, and a single record may be all that fits.
                guard let smaller = target.halved(downTo: 1) else {
                    throw failure.error(url: url, tries: failures + halvings + 1)
                }
                target = smaller
                halvings += 1
                counters.withLock { $0.retries += 1 }
                logger.notice("\(failure.summary); asking for less", metadata: ["url": "\(url)"])
            case .retry(let failure, let halving):
                failures += 1
                askedToWait += failure.retryAfter ?? .zero
                // Longer than that, another run is the better way to wait.
                if failures >= tries || askedToWait > ThrottleState.patience {
                    throw failure.error(url: url, tries: failures)
                }
                if halving == .yes, let smaller = target.halved() { target = smaller }
                try await backOff(failure, failures: failures, of: tries, url: url)
            }
        }
    }

    /// The organizations in an answer.
    func organizations(in answer: Answer) throws(APIError) -> [Organization] {
        if let found = try? OrganizationList.organizations(in: answer.body) { return found }
        throw APIError(
            kind: .unusable,
            summary: "the API sent organizations without id: \(BodySnippet.text(of: answer.body, token: token))",
            url: answer.url, hint: Hint.unusable)
    }

    /// Returns the error for a list of organizations that does not end.
    func endlessOrganizations(offset: Int) -> APIError {
        APIError(
            kind: .unusable, summary: "the API's list of organizations has no end",
            url: RequestTarget.organizations(offset: offset).url(under: settings.baseURL), hint: Hint.unusable)
    }

    /// Returns the counters, with those of the rate limiter.
    func statistics() async -> APIStatistics {
        let figures = await limiter.figures()
        return counters.withLock {
            APIStatistics(
                requests: $0.requests, retries: $0.retries, waited: $0.backoff + figures.waited,
                requestsLeftThisHour: figures.left, serverDate: $0.serverDate)
        }
    }

    /// Writes the rate limiter's ledger.
    func saveLedger() async {
        await limiter.saveLedger()
    }

    private func pass(url: String) async throws(APIError) -> Duration {
        do {
            return try await limiter.pass()
        } catch {
            switch error {
            case .cancelled: throw Self.cancelled(url: url)
            case .throttledTooLong:
                throw APIError(
                    kind: .rateLimited, summary: "the API has answered nothing but 429 for 65 minutes", url: url,
                    hint: Hint.rateLimited)
            }
        }
    }

    private func send(url: String) async -> (verdict: ResponseVerdict, body: [UInt8], serverDate: Timestamp?) {
        let start = clock.uptime()
        counters.withLock { $0.requests += 1 }
        do {
            let response = try await transport.send(HTTPRequest(url: url, headers: headers))
            let now = clock.now()
            let date = ResponseClassifier.date(of: response, now: now)
            let verdict = classifier.verdict(on: response, now: now)
            counters.withLock { $0.serverDate = date ?? $0.serverDate }
            if response.status != 429 { await limiter.answered() }
            log(url: url, status: "\(response.status)", verdict: verdict, since: start)
            return (verdict, response.body, date)
        } catch {
            let verdict: ResponseVerdict = Task.isCancelled ? .cancelled : classifier.verdict(on: error)
            log(url: url, status: "\(error)", verdict: verdict, since: start)
            return (verdict, [], nil)
        }
    }

    private var headers: [(name: String, value: String)] {
        [
            ("Authorization", token.authorizationHeaderValue()),
            ("Accept", "application/json"),
            ("User-Agent", "captivateiq-export/\(settings.version)")
        ]
    }

    private func backOff(_ failure: RequestFailure, failures: Int, of tries: Int, url: String) async throws(APIError) {
        let delay = max(policy.delay(afterFailures: failures, random: random()), failure.retryAfter ?? .zero)
        logger.notice(
            "\(failure.summary); trying again",
            metadata: [
                "url": "\(url)", "try": "\(failures)/\(tries)", "wait": "\(delay.rounded)"
            ])
        let start = clock.uptime()
        do {
            try await clock.sleep(for: delay)
        } catch {
            throw Self.cancelled(url: url)
        }
        let slept = clock.uptime() - start
        counters.withLock {
            $0.retries += 1
            $0.backoff += slept
        }
    }

    private func log(url: String, status: String, verdict: ResponseVerdict, since start: Duration) {
        guard logger.logLevel <= .debug else { return }
        var records = "-"
        if case .list(let list) = verdict { records = "\(list.records.count)" }
        let milliseconds = (clock.uptime() - start).microseconds / 1000
        logger.debug(
            "request",
            metadata: [
                "url": "\(url)", "status": "\(status)", "records": "\(records)", "ms": "\(milliseconds)"
            ])
    }

    private static func cancelled(url: String) -> APIError {
        APIError(kind: .cancelled, summary: "cancelled", url: url, hint: "")
    }
}
