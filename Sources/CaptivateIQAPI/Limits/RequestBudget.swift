/// The tier's two limits as a pure value. It says when the next request may be sent.
///
/// Never more than `perSecond` in any second nor `perHour` in any hour, both sliding. Bursts up to the limits are
/// granted at once. The hour is remembered as at most 361 groups of up to 10 s, each taken to be as young as its
/// youngest request, so that the memory stays small and errs on the safe side.
struct RequestBudget: Sendable, Equatable {
    /// A second and a margin: requests that leave evenly spaced may arrive closer together.
    static let second: Duration = .milliseconds(1050)
    /// An hour and the same kind of margin.
    static let hour: Duration = .seconds(3601)
    /// How long requests are added to the same group.
    static let groupWidth: Duration = .seconds(10)

    /// Whether a request may be sent.
    enum Answer: Sendable, Equatable {
        /// Now; it has been counted.
        case now
        /// Not before this has passed; nothing has been counted.
        case wait(Duration)
    }

    /// Requests of the last hour that were close together.
    struct Group: Sendable, Equatable {
        var first: Duration
        var last: Duration
        var count: Int
    }

    /// The limit in any second.
    let perSecond: Int
    /// The limit in any hour.
    let perHour: Int

    private(set) var groups: [Group]
    private(set) var recent: [Duration]
    private var total: Int

    /// Nothing sent yet. Limits below 1 count as 1.
    init(perSecond: Int, perHour: Int) {
        self.init(perSecond: perSecond, perHour: perHour, groups: [], recent: [])
    }

    /// With a memory; both lists from old to new.
    init(perSecond: Int, perHour: Int, groups: [Group], recent: [Duration]) {
        self.perSecond = max(1, perSecond)
        self.perHour = max(1, perHour)
        self.groups = groups
        self.recent = recent
        total = groups.reduce(0) { $0 + $1.count }
    }

    /// Counts a request at uptime `now` if both limits allow it. `now` never goes back.
    mutating func reserve(now: Duration) -> Answer {
        forget(before: now)
        let wait = max(secondWait(now: now), hourWait(now: now))
        guard wait <= .zero else { return .wait(wait) }
        recent.append(now)
        total += 1
        if let group = groups.last, now - group.first < Self.groupWidth {
            groups[groups.count - 1].last = now
            groups[groups.count - 1].count += 1
        } else {
            groups.append(Group(first: now, last: now, count: 1))
        }
        return .now
    }

    /// How many requests the hourly limit still allows at uptime `now`.
    func left(now: Duration) -> Int {
        let spent = groups.reduce(0) { $1.last + Self.hour > now ? $0 + $1.count : $0 }
        return max(0, perHour - spent)
    }

    private mutating func forget(before now: Duration) {
        let old = groups.prefix { $0.last + Self.hour <= now }
        total -= old.reduce(0) { $0 + $1.count }
        groups.removeFirst(old.count)
        recent.removeFirst(recent.prefix { $0 + Self.second <= now }.count)
    }

    private func secondWait(now: Duration) -> Duration {
        guard recent.count >= perSecond else { return .zero }
        return recent[recent.count - perSecond] + Self.second - now
    }

    private func hourWait(now: Duration) -> Duration {
        var surplus = total - perHour + 1
        guard surplus > 0 else { return .zero }
        for group in groups {
            surplus -= group.count
            if surplus <= 0 { return group.last + Self.hour - now }
        }
        return .zero
    }
}
