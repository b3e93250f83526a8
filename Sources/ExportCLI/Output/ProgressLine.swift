import AuditArchive
import AuditSync
import Logging

/// How far a command is.
struct ProgressFigures: Sendable {
    /// What is counted: `days`, `files`.
    var unit: String
    /// How many of them are done.
    var done: Int
    /// How many there are.
    var total: Int
    /// Events so far.
    var events: Int
    /// The part that is done, 0 to 1; nil where that is not known.
    var fraction: Double?
    /// Requests so far, and how many the hourly limit still allows; nil for a command that makes none.
    var requests: (sent: Int, left: Int)?

    /// How far a sync or a comparison is: by the expected events where they are known, else by days.
    init(_ progress: SyncProgress) {
        unit = "days"
        done = progress.daysDone
        total = progress.daysTotal
        events = progress.events
        requests = (progress.requests, progress.requestsLeftThisHour)
        if let expected = progress.eventsExpected, expected > 0 {
            fraction = Self.part(events, of: expected)
        } else {
            fraction = Self.part(done, of: total)
        }
    }

    /// How far a verification is: by the bytes that were read.
    init(_ progress: VerificationProgress) {
        unit = "files"
        done = progress.filesDone
        total = progress.filesTotal
        events = progress.records
        fraction = Self.part(progress.bytesDone, of: progress.bytesTotal)
    }

    private static func part(_ done: Int, of total: Int) -> Double? {
        total > 0 ? min(1, Double(done) / Double(total)) : nil
    }
}

/// How far a command is, in one line.
struct ProgressLine: Sendable {
    private static let barWidth = 10

    private let figures: ProgressFigures
    private let elapsed: Duration

    /// The line for `figures`, `elapsed` after the start.
    init(_ figures: ProgressFigures, elapsed: Duration) {
        self.figures = figures
        self.elapsed = elapsed
    }

    /// Such as `[####------] 12/30 days  10,400 events  2,080/s  ETA 8 s  1,488 requests left`. The least important part
    /// comes last, where a narrow terminal cuts the line.
    var text: String {
        let done = "\(Units.count(figures.done))/\(Units.count(figures.total)) \(figures.unit)"
        var parts = [
            "[\(bar)] \(done)", Units.count(figures.events, "event"), "\(Units.count(eventsPerSecond))/s"
        ]
        if let remaining { parts.append("ETA \(Units.duration(remaining))") }
        if let requests = figures.requests { parts.append("\(Units.count(requests.left, "request")) left") }
        return parts.joined(separator: "  ")
    }

    /// The same for a log line.
    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [
            figures.unit: "\(figures.done)/\(figures.total)", "events": "\(figures.events)",
            "events_per_second": "\(eventsPerSecond)", "eta": "\(remaining.map(Units.duration) ?? "unknown")"
        ]
        if let requests = figures.requests {
            metadata["requests"] = "\(requests.sent)"
            metadata["requests_left_this_hour"] = "\(requests.left)"
        }
        return metadata
    }

    /// The part that is done, 0 to 1; nil where that is not known.
    var fraction: Double? { figures.fraction }

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
        return seconds > 0.001 ? Int(Double(figures.events) / seconds) : 0
    }

    private var bar: String {
        let filled = Int((fraction ?? 0) * Double(Self.barWidth))
        return String(repeating: "#", count: filled) + String(repeating: "-", count: Self.barWidth - filled)
    }
}
