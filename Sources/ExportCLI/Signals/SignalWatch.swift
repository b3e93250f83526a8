import Dispatch
import UnixSignals

/// Turns SIGINT and SIGTERM into a stop, and sees to it that the process does end.
struct SignalWatch: Sendable {
    private let patience: DispatchTimeInterval
    private let end: @Sendable (StopReason) -> Void

    /// A watch that sees nothing yet.
    ///
    /// - Parameters:
    ///   - patience: how long an orderly stop may take; service managers kill after ten seconds.
    ///   - end: ends the process, at once.
    init(patience: Duration = .seconds(9), end: @escaping @Sendable (StopReason) -> Void) {
        self.patience = .milliseconds(Int(patience / .milliseconds(1)))
        self.end = end
    }

    /// The signals that ask for a stop; from now on they no longer end the process by themselves.
    static func stopSignals() async -> UnixSignalsSequence {
        await UnixSignalsSequence(trapping: .sigint, .sigterm)
    }

    /// Watches in a task, until that is cancelled. The first signal asks `control` to stop; a second one, or a stop that
    /// takes too long, ends the process.
    func run<Signals: AsyncSequence & Sendable>(
        _ control: StopControl, on signals: Signals, onFirst: @escaping @Sendable (StopReason) -> Void
    ) -> Task<Void, any Error> where Signals.Element == UnixSignal {
        // Threads of their own: the shared ones may all be busy in the file system.
        let executor = QueueExecutor(label: "captivateiq-export.signals")
        return Task(executorPreference: executor) { [patience, end] in
            var isFirst = true
            for try await signal in signals {
                let reason: StopReason = signal == .sigint ? .interrupt : .terminate
                guard isFirst else { return end(reason) }
                isFirst = false
                // Another reason may have come before; the commit in hand is still waited for.
                if control.stop(reason) { onFirst(reason) }
                executor.queue.asyncAfter(deadline: .now() + patience) { end(reason) }
            }
        }
    }
}

/// Runs tasks on a dispatch queue.
private final class QueueExecutor: TaskExecutor {
    let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
