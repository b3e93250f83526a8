import AuditRecords
package import CivilTime
package import Logging

/// Asks the API for pages of audit-log events, within both limits, again and again where that can help.
///
/// Calls may run at the same time; all of them pass one gate that keeps the limits. Cancelling a calling task ends
/// its request and its waits at once with an `APIError` of kind `cancelled`.
package final class APIClient: Sendable {
    /// No token sees more; a server whose list never ends would use up the hour.
    private static let mostOrganizationPages = 20

    private let exchange: RequestExchange

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
        let gate = RequestGate(
            perSecond: settings.requestsPerSecond, perHour: settings.requestsPerHour, clock: clock, store: ledger,
            random: random, policy: policy, logger: logger)
        exchange = RequestExchange(
            settings: settings, token: token, transport: transport, clock: clock, random: random, gate: gate,
            policy: policy, logger: logger)
    }

    /// One page of events: `GET {base}/ciq/v1/audit-logs/`.
    ///
    /// - Parameter tries: how often it is asked for at most; nil for as often as usual.
    /// - Throws: `APIError` of any kind.
    /// - Returns: the page; its `request` tells the limit that was asked for in the end.
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
            // A server that ignores `offset` repeats itself; that must not go on for ever.
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
