import AuditSync
import Logging
import Synchronization

/// Shows a sync's progress: one line redrawn on a terminal, elsewhere a log line now and then.
final class ProgressReporter: Sendable {
    /// A terminal is redrawn at most this often.
    static let redrawInterval: Duration = .milliseconds(100)
    /// A log gets a line this often.
    static let logInterval: Duration = .seconds(30)

    private let messages: Messages
    private let logger: Logger
    private let uptime: @Sendable () -> Duration
    private let start: Duration
    private let last: Mutex<Duration?>

    /// A reporter that starts counting now and draws on `messages` or writes to `logger`.
    init(_ messages: Messages, logger: Logger, uptime: @escaping @Sendable () -> Duration) {
        self.messages = messages
        self.logger = logger
        self.uptime = uptime
        start = uptime()
        // The first redraw comes at once, the first log line after a while: most syncs are over by then.
        last = Mutex(messages.showsProgress ? nil : start)
    }

    /// Takes the news; most of it is not shown.
    func report(_ progress: SyncProgress) {
        let now = uptime()
        let interval = messages.showsProgress ? Self.redrawInterval : Self.logInterval
        let isDue = last.withLock { last in
            if let last, now - last < interval { return false }
            last = now
            return true
        }
        guard isDue else { return }
        let line = ProgressLine(progress, elapsed: now - start)
        if messages.showsProgress {
            messages.show(progress: line.text)
        } else {
            log(progress, line)
        }
    }

    private func log(_ progress: SyncProgress, _ line: ProgressLine) {
        logger.notice(
            "progress",
            metadata: [
                "days": "\(progress.daysDone)/\(progress.daysTotal)", "events": "\(progress.events)",
                "events_per_second": "\(line.eventsPerSecond)", "requests": "\(progress.requests)",
                "requests_left_this_hour": "\(progress.requestsLeftThisHour)",
                "eta": "\(line.remaining.map(Units.duration) ?? "unknown")"
            ])
    }
}
