/// Decides when to commit: at the latest every 60 s or 250,000 events, and at a window's end if that is worth a generation.
struct CommitPolicy {
    private static let interval = Duration.seconds(60)
    private static let mostEvents = 250_000

    private var last: Duration
    private var eventsAtLast = 0

    /// Commits of this run that changed the archive.
    private(set) var count = 0

    /// The policy of a run that begins at `begin`.
    init(begin: Duration) {
        last = begin
    }

    /// Time until the next commit is due.
    func wait(at uptime: Duration) -> Duration { max(.zero, last + Self.interval - uptime) }

    /// Whether a commit is due now.
    func isDue(at uptime: Duration, events: Int) -> Bool {
        wait(at: uptime) == .zero || events - eventsAtLast >= Self.mostEvents
    }

    /// Whether a window's end is a good moment: small windows in quick succession share a commit.
    func isWorthwhile(at uptime: Duration, events: Int) -> Bool {
        uptime - last >= Self.interval / 6 || events - eventsAtLast >= Self.mostEvents / 12
    }

    /// A commit was made; `changed`: there was something to publish.
    mutating func recordCommit(at uptime: Duration, events: Int, changed: Bool) {
        last = uptime
        eventsAtLast = events
        if changed { count += 1 }
    }
}
