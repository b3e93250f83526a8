import AuditRecords
package import CivilTime
package import Logging

/// Requests pages of audit-log events from the API. Keeps both rate limits, and retries where a retry can help.
///
/// Calls may run at the same time; all of them share one rate limiter. Cancelling a calling task ends
/// its request and its waits at once with an `APIError` of kind `cancelled`.
package final class APIClient: Sendable {
    /// More than any token sees. Without a limit, a list that never ends would use up the hourly limit.
    private static let mostOrganizationPages = 20

    private let exchange: RequestExecutor

    /// A client that sends nothing yet; reads `ledger` once.
    ///
    /// - Parameters:
    ///   - random: gives numbers from 0 to below 1, for the backoff's jitter.
    ///   - ledger: remembers the hour's requests between runs; written at most once a second.
    package init(
        settings: APISettings, token: APIToken, transport: any HTTPTransport, clock: any TimeSource,
        random: @escaping @Sendable () -> Double, ledger: any RequestLedgerStore, logger: Logger
    ) {
        let policy = RetryPolicy.standard
        let limiter = RateLimiter(
            perSecond: settings.requestsPerSecond, perHour: settings.requestsPerHour, clock: clock, store: ledger,
            random: random, policy: policy, logger: logger)
        exchange = RequestExecutor(
            settings: settings, token: token, transport: transport, clock: clock, random: random, limiter: limiter,
            policy: policy, logger: logger)
    }

    /// One page of events: `GET {base}/ciq/v1/audit-logs/`.
    ///
    /// - Parameter tries: how often it is asked for at most; nil for as often as usual.
    /// - Throws: `APIError` of any kind.
    /// - Returns: the page. The limit of its `request` is lower than asked for if the request was halved.
    package func page(_ request: PageRequest, tries: Int? = nil) async throws(APIError) -> Page {
        let answer = try await exchange.list(.page(request), tries: tries)
        let answered: PageRequest
        if case .page(let halved) = answer.target { answered = halved } else { answered = request }
        return Page(
            bytes: answer.body, records: answer.list.records, totalCount: answer.list.totalCount,
            next: answer.list.next, request: answered, serverDate: answer.serverDate)
    }

    /// All organizations of the token: `GET {base}/ciq/v1/me/organizations`, page by page.
    ///
    /// - Throws: `APIError` of any kind.
    package func organizations() async throws(APIError) -> [Organization] {
        var found: [Organization] = []
        var offset = 0
        for _ in 1...Self.mostOrganizationPages {
            let answer = try await exchange.list(.organizations(offset: offset))
            let organizations = try exchange.organizations(in: answer)
            // A server that ignores `offset` sends the same organizations again; that must end.
            let new = organizations.filter { !found.contains($0) }
            found += new
            offset += organizations.count
            let isLast = answer.list.next == .null || offset >= answer.list.totalCount
            if isLast || new.isEmpty { return found }
        }
        throw exchange.endlessOrganizations(offset: offset)
    }

    /// What the client has done so far.
    package func statistics() async -> APIStatistics {
        await exchange.statistics()
    }

    /// Writes the memory of the hour's requests now; call it when the last request has been made.
    package func saveLedger() async {
        await exchange.saveLedger()
    }
}

/// What the client has to know about the API besides the token.
package struct APISettings: Sendable {
    /// Where the API is.
    package var baseURL: BaseURL
    /// The tier's limit in any second; at least 1.
    package var requestsPerSecond: Int
    /// The tier's limit in any hour; at least 1.
    package var requestsPerHour: Int
    /// The program's version, for the `User-Agent` header.
    package var version: String
    /// Whether failures that may pass by themselves are waited for; else a 429 ends a request at once, and any other failure
    /// does at the second try.
    package var isPatient = true

    /// Settings for one API; the limits' defaults are those of the vendor's standard tier.
    package init(
        baseURL: BaseURL, requestsPerSecond: Int = 5, requestsPerHour: Int = 1500, version: String = "dev"
    ) {
        self.baseURL = baseURL
        self.requestsPerSecond = max(1, requestsPerSecond)
        self.requestsPerHour = max(1, requestsPerHour)
        self.version = version
    }

    /// As above with the base URL as text.
    ///
    /// - Throws: `BaseURLError` when `baseURL` breaks a rule of `BaseURL`.
    package init(
        baseURL: String, requestsPerSecond: Int = 5, requestsPerHour: Int = 1500, version: String = "dev"
    ) throws(BaseURLError) {
        self.init(
            baseURL: try BaseURL(baseURL), requestsPerSecond: requestsPerSecond, requestsPerHour: requestsPerHour,
            version: version)
    }
}

/// What the client has done so far.
package struct APIStatistics: Sendable, Equatable {
    /// Requests sent, tries counted one by one.
    package var requests: Int
    /// Requests sent again after a fault or a 429.
    package var retries: Int
    /// Time spent waiting: for the limits, for backoffs, and for 429s to be over. Requests that wait behind one
    /// another for the limits count once; backoffs of different requests at the same time count each.
    package var waited: Duration
    /// Requests that the hourly limit still allows at this moment.
    package var requestsLeftThisHour: Int
    /// The `Date` header of the newest answer that had one.
    package var serverDate: Timestamp?

    /// Statistics with the given figures.
    package init(
        requests: Int = 0, retries: Int = 0, waited: Duration = .zero, requestsLeftThisHour: Int = 0,
        serverDate: Timestamp? = nil
    ) {
        self.requests = requests
        self.retries = retries
        self.waited = waited
        self.requestsLeftThisHour = requestsLeftThisHour
        self.serverDate = serverDate
    }
}
