import AuditArchive
import AuditSync
import Logging
import Synchronization

/// Shows how far a command is: one line redrawn on a terminal, elsewhere a log line now and then.
final class ProgressReporter: Sendable {
    /// The shortest time between two redraws on a terminal.
    static let redrawInterval: Duration = .milliseconds(100)
    /// The shortest time between two log lines.
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
        // The first redraw comes at once. The first log line comes after an interval, when most syncs are over.
        last = Mutex(messages.showsProgress ? nil : start)
    }

    /// Shows the progress of a sync or of a comparison if the last time is long enough ago.
    func report(_ progress: SyncProgress) { show(ProgressFigures(progress)) }

    /// Shows the progress of a verification if the last time is long enough ago.
    func report(_ progress: VerificationProgress) { show(ProgressFigures(progress)) }

    private func show(_ figures: ProgressFigures) {
        let now = uptime()
        let interval = messages.showsProgress ? Self.redrawInterval : Self.logInterval
        let isDue = last.withLock { last in
            if let last, now - last < interval { return false }
            last = now
            return true
        }
        guard isDue else { return }
        let line = ProgressLine(figures, elapsed: now - start)
        if messages.showsProgress {
            messages.show(progress: line.text)
        } else {
            logger.notice("progress", metadata: line.metadata)
        }
    }
}
