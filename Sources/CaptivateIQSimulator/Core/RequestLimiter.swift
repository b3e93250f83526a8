/// The API's limits: so many requests in any second, so many in any hour. Refused requests do not count.
struct RequestLimiter: Sendable {
    private var windows: [(limit: Int, window: SlidingWindow)]

    init(_ pacing: SimulatorConfiguration.Pacing) {
        windows = []
        if let limit = pacing.requestsPerSecond { windows.append((limit, SlidingWindow(length: .seconds(1)))) }
        if let limit = pacing.requestsPerHour { windows.append((limit, SlidingWindow(length: .seconds(3_600)))) }
    }

    /// Counts a request at `now` and returns nil, or refuses it and returns how long to wait.
    mutating func admit(at now: Duration) -> Duration? {
        var wait = Duration.zero
        for index in windows.indices {
            wait = max(wait, windows[index].window.wait(until: windows[index].limit, at: now))
        }
        guard wait == .zero else { return wait }
        for index in windows.indices { windows[index].window.add(now) }
        return nil
    }
}
