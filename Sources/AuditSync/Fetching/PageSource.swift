package import CaptivateIQAPI

/// Where pages come from: the API's client, or a test's own.
package protocol PageSource: Sendable {
    /// One page of events, within the limits and after whatever retries help: `tries` in all, or as many as usual.
    func page(_ request: PageRequest, tries: Int?) async throws(APIError) -> Page

    /// The organizations that the token can see.
    func organizations() async throws(APIError) -> [Organization]

    /// What the source has done so far.
    func statistics() async -> APIStatistics

    /// Makes the memory of the hour's requests last.
    func saveLedger() async
}

extension PageSource {
    /// One page of events, within the limits and after whatever retries help.
    package func page(_ request: PageRequest) async throws(APIError) -> Page {
        try await page(request, tries: nil)
    }
}

extension APIClient: PageSource {}
