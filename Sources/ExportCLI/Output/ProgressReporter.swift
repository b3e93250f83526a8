import AuditSync
import Logging
import Synchronization

/// Shows a sync's progress: one line redrawn on a terminal, elsewhere a log line now and then.
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

    /// Shows the progress if the last time is long enough ago.
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

/// How far a sync is, in one line.
struct ProgressLine: Sendable {
    private static let barWidth = 10

    private let progress: SyncProgress
    private let elapsed: Duration

    /// The line for `progress`, `elapsed` after the start.
    init(_ progress: SyncProgress, elapsed: Duration) {
        self.progress = progress
        self.elapsed = elapsed
    }

    /// Such as `[####------] 12/30 days  10,400 events  2,080/s  ETA 8 s  1,488 requests left`. The least important part
    /// comes last, where a narrow terminal cuts the line.
    var text: String {
        let days = "\(Units.count(progress.daysDone))/\(Units.count(progress.daysTotal)) days"
        var parts = [
            "[\(bar)] \(days)", Units.count(progress.events, "event"), "\(Units.count(eventsPerSecond))/s"
        ]
        if let remaining { parts.append("ETA \(Units.duration(remaining))") }
        parts.append("\(Units.count(progress.requestsLeftThisHour, "request")) left")
        return parts.joined(separator: "  ")
    }

    /// The part that is done, 0 to 1, of the expected events or else of the planned days; nil if neither is known.
    var fraction: Double? {
        if let expected = progress.eventsExpected, expected > 0 {
            return min(1, Double(progress.events) / Double(expected))
        }
        guard progress.daysTotal > 0 else { return nil }
        return min(1, Double(progress.daysDone) / Double(progress.daysTotal))
    }

    /// The time still to go at the speed so far; nil before anything is done.
    var remaining: Duration? {
        guard let fraction, fraction > 0 else { return nil }
        let seconds = elapsed / .seconds(1) * (1 - fraction) / fraction
        guard seconds.isFinite, seconds < 1e9 else { return nil }
        return .seconds(Int(seconds.rounded(.up)))
    }

    /// Events a second so far.
    var eventsPerSecond: Int {
        let seconds = elapsed / .seconds(1)
        return seconds > 0.001 ? Int(Double(progress.events) / seconds) : 0
    }

    private var bar: String {
        let filled = Int((fraction ?? 0) * Double(Self.barWidth))
        return String(repeating: "#", count: filled) + String(repeating: "-", count: Self.barWidth - filled)
    }
}
