/// The time as the client sees it, so that tests can have their own.
package protocol TimeSource: Sendable {
    /// The wall clock; may be wrong or jump.
    func now() -> Timestamp
    /// Time since some fixed point; never goes back.
    func uptime() -> Duration
    /// Returns when `duration` is over.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    func sleep(for duration: Duration) async throws(CancellationError)
}
