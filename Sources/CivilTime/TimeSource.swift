#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A source of time. Tests use their own.
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

/// The machine's clocks.
package struct SystemClock: TimeSource {
    private let start = ContinuousClock.now

    /// A clock whose `uptime` starts at zero.
    package init() {}

    /// The wall clock, to the microsecond.
    package func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// The time since this clock was made. It includes the time that the machine sleeps.
    package func uptime() -> Duration {
        start.duration(to: .now)
    }

    /// Sleeps without holding a thread.
    package func sleep(for duration: Duration) async throws(CancellationError) {
        do {
            try await Task.sleep(for: duration)
        } catch {
            throw CancellationError()
        }
    }
}
