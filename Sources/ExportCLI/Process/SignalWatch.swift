import Dispatch
import Glibc
import Synchronization

/// Turns SIGHUP, SIGINT and SIGTERM into an orderly stop. A second signal, or a stop that takes too long, ends the process. A
/// signal that is repeated within a second counts once: GNU `timeout` and shells send one to the process and one to its group.
final class SignalWatch: Sendable {
    private enum State: Equatable {
        case waiting
        /// Since the signal that counted last, at that uptime.
        case stopping(StopReason, since: Duration)
        case over
    }

    private static let repetition: Duration = .seconds(1)

    private static let signals = [
        (number: SIGHUP, reason: StopReason.hangUp), (SIGINT, .interrupt), (SIGTERM, .terminate)
    ]

    private let control: StopControl
    private let gracePeriod: Duration
    private let uptime: @Sendable () -> Duration
    private let onFirst: @Sendable (StopReason) -> Void
    private let end: @Sendable (StopReason) -> Void
    // A queue of its own, since the threads of the shared pools may all wait for the file system.
    private let queue = DispatchQueue(label: "captivateiq-export.signals")
    private let state = Mutex(State.waiting)

    /// A watch that has not begun.
    ///
    /// - Parameters:
    ///   - control: what the first signal asks to stop.
    ///   - gracePeriod: how long an orderly stop may take. Service managers kill after ten seconds or more.
    ///   - uptime: time since some fixed point, which tells repetitions.
    ///   - onFirst: called for the first signal, unless there was another reason to stop before.
    ///   - end: ends the process at once.
    init(
        _ control: StopControl, gracePeriod: Duration = .seconds(9), uptime: @escaping @Sendable () -> Duration,
        onFirst: @escaping @Sendable (StopReason) -> Void, end: @escaping @Sendable (StopReason) -> Void
    ) {
        self.control = control
        self.gracePeriod = gracePeriod
        self.uptime = uptime
        self.onFirst = onFirst
        self.end = end
    }

    /// Begins to watch. From then on the kernel no longer ends the process for these signals. A hang-up that `nohup`
    /// ignores stays ignored.
    func begin() async {
        for (number, reason) in Self.signals where !(number == SIGHUP && PosixProcess.ignores(SIGHUP)) {
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            // The handler keeps its source alive. It is never cancelled, so that a late signal does not end the process.
            source.setEventHandler { withExtendedLifetime(source) { self.receive(reason) } }
            await withCheckedContinuation { registered in
                source.setRegistrationHandler { registered.resume() }
                source.activate()
            }
        }
    }

    /// Ignores all further signals.
    func finish() { state.withLock { $0 = .over } }

    /// Does what a signal asks for.
    func receive(_ reason: StopReason) {
        let now = uptime()
        let before = state.withLock { state in
            defer { if state == .waiting { state = .stopping(reason, since: now) } }
            return state
        }
        switch before {
        case .waiting:
            // If there was another reason before, the commit in progress still gets its time.
            if control.stop(reason) { onFirst(reason) }
            let wait = DispatchTimeInterval.milliseconds(Int(gracePeriod / .milliseconds(1)))
            queue.asyncAfter(deadline: .now() + wait) { [end] in end(reason) }
        case .stopping(reason, let since) where now - since < Self.repetition: break
        case .stopping: end(reason)
        case .over: break
        }
    }
}
