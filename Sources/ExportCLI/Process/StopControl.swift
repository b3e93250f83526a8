import Synchronization

/// Why a sync is stopped from outside.
enum StopReason: Sendable, Equatable {
    /// SIGHUP.
    case hangUp
    /// SIGINT.
    case interrupt
    /// SIGTERM.
    case terminate
    /// `max_duration` is over.
    case maximumDuration(Duration)

    /// The code that the program ends with.
    var status: ExitStatus {
        switch self {
        case .hangUp: .hungUp
        case .interrupt: .interrupted
        case .terminate: .terminated
        case .maximumDuration: .stopped
        }
    }

    /// What kind of failure it leads to.
    var kind: Failure.Kind {
        switch self {
        case .hangUp, .interrupt, .terminate: .interrupted
        case .maximumDuration: .maxDuration
        }
    }

    /// What happened, in a few words.
    var summary: String {
        switch self {
        case .hangUp: "stopped by SIGHUP"
        case .interrupt: "stopped by SIGINT"
        case .terminate: "stopped by SIGTERM"
        case .maximumDuration(let duration): "stopped after max_duration, \(DurationFormat.text(of: duration))"
        }
    }
}

/// Keeps the first reason to stop, and does what stopping means.
final class StopControl: Sendable {
    private struct State {
        var reason: StopReason?
        var action: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// The first reason to stop, if there was one.
    var reason: StopReason? { state.withLock { $0.reason } }

    /// Asks for a stop.
    ///
    /// - Returns: whether this was the first time.
    @discardableResult
    func stop(_ reason: StopReason) -> Bool {
        let (isFirst, action) = state.withLock { state in
            guard state.reason == nil else { return (false, nil as (@Sendable () -> Void)?) }
            state.reason = reason
            return (true, state.action)
        }
        action?()
        return isFirst
    }

    /// Sets what stopping means. It is done at once if there is a reason already.
    func onStop(_ action: @escaping @Sendable () -> Void) {
        let isStopped = state.withLock { state in
            state.action = action
            return state.reason != nil
        }
        if isStopped { action() }
    }
}
