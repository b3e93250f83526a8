import Dispatch
import UnixSignals

/// Turns SIGINT and SIGTERM into a stop, and sees to it that the process does end.
struct SignalWatch {
    /// An orderly stop that takes longer ends the process: service managers kill after ten seconds.
    static let patience: DispatchTimeInterval = .seconds(9)

    /// Ends the process with a code, at once.
    let end: @Sendable (StopReason) -> Void

    /// Watches in a task, until that is cancelled. The first signal asks `control` to stop; a second one, or a stop that
    /// takes too long, ends the process.
    func run(_ control: StopControl, onFirst: @escaping @Sendable (StopReason) -> Void) async -> Task<Void, Never> {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        // Threads of their own: the shared ones may all be busy in the file system.
        let executor = QueueExecutor(label: "captivateiq-export.signals")
        return Task(executorPreference: executor) {
            for await signal in signals {
                let reason: StopReason = signal == .sigint ? .interrupt : .terminate
                guard control.stop(reason) else { return end(reason) }
                onFirst(reason)
                executor.queue.asyncAfter(deadline: .now() + Self.patience) { end(reason) }
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
