#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The machine's own clocks.
package enum SystemTime {
    private static let origin = ContinuousClock.now

    /// The moment by both clocks; monotonic time counts from the first call.
    @Sendable package static func now() -> SimulatorInstant {
        let origin = origin
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let wall = Int64(time.tv_sec) * CivilTime.second + Int64(time.tv_nsec) / 1_000
        return SimulatorInstant(wall: wall, monotonic: ContinuousClock.now - origin)
    }
}
