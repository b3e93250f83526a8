import Synchronization

/// Carries the first reason to stop to whoever can stop.
final class StopControl: Sendable {
    private struct State {
        var reason: StopReason?
        var action: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// A control without a reason to stop.
    init() {}

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

    /// Says what stopping means; done at once if the reason came before.
    func onStop(_ action: @escaping @Sendable () -> Void) {
        let isStopped = state.withLock { state in
            state.action = action
            return state.reason != nil
        }
        if isStopped { action() }
    }
}
