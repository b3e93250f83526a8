/// Why a sync is stopped from outside.
enum StopReason: Sendable, Equatable {
    /// SIGINT.
    case interrupt
    /// SIGTERM.
    case terminate
    /// `max_duration` is over.
    case maximumDuration(Duration)

    /// The code that the program ends with.
    var status: ExitStatus {
        switch self {
        case .interrupt: .interrupted
        case .terminate: .terminated
        case .maximumDuration: .stopped
        }
    }

    /// What happened, in a few words.
    var summary: String {
        switch self {
        case .interrupt: "stopped by SIGINT"
        case .terminate: "stopped by SIGTERM"
        case .maximumDuration(let duration): "stopped after max_duration, \(DurationFormat.text(of: duration))"
        }
    }
}
