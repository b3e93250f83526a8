/// Keeps the memory of the last hour's requests between runs.
///
/// Both calls block for as long as a small file takes. Failing to save only costs requests.
package protocol RequestLedgerStore: Sendable {
    /// What was saved last; nil when there is nothing.
    func load() -> [UInt8]?
    /// Replaces what was saved.
    func save(_ bytes: [UInt8])
}

/// A store that forgets, for clients that are made once.
package struct NoRequestLedger: RequestLedgerStore {
    /// The store.
    package init() {}

    /// Nothing.
    package func load() -> [UInt8]? { nil }

    /// Does nothing.
    package func save(_ bytes: [UInt8]) {}
}
