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

/// Counts how many moments lie within the last `length`.
struct SlidingWindow: Sendable {
    let length: Duration
    private var moments: [Duration] = []
    private var oldest = 0

    init(length: Duration) {
        self.length = length
    }

    /// How many are younger than `length` at `now`.
    mutating func count(at now: Duration) -> Int {
        while oldest < moments.count, moments[oldest] + length <= now {
            oldest += 1
        }
        // Forget in large steps, so that each moment is moved at most once on average.
        if oldest > 1_024, oldest * 2 > moments.count {
            moments.removeFirst(oldest)
            oldest = 0
        }
        return moments.count - oldest
    }

    mutating func add(_ now: Duration) {
        // Requests on several threads may come in slightly out of order.
        moments.append(max(now, moments.last ?? now))
    }

    /// How long until fewer than `limit` are left; zero if that is so already.
    mutating func wait(until limit: Int, at now: Duration) -> Duration {
        let surplus = count(at: now) - limit
        guard surplus >= 0 else { return .zero }
        return moments[oldest + surplus] + length - now
    }
}
