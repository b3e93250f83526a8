#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

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

    /// Time since this clock was made; goes on while the machine sleeps.
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
