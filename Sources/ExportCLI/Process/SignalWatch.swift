import Dispatch
import Glibc

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

    /// The signals that ask for a stop, as reasons; from now on they no longer end the process by themselves.
    static func stopSignals() async -> AsyncStream<StopReason> {
        let (reasons, continuation) = AsyncStream.makeStream(of: StopReason.self)
        let queue = DispatchQueue(label: "captivateiq-export.signals")
        for (number, reason) in [(SIGINT, StopReason.interrupt), (SIGTERM, .terminate)] {
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            // The handler keeps its source, which is never cancelled: a signal that comes late is not to end the process
            // either.
            source.setEventHandler { withExtendedLifetime(source) { _ = continuation.yield(reason) } }
            await withCheckedContinuation { registered in
                source.setRegistrationHandler { registered.resume() }
                source.activate()
            }
        }
        return reasons
    }

    /// Watches in a task, until that is cancelled. The first signal asks `control` to stop; a second one, or a stop that
    /// takes too long, ends the process.
    func run(
        _ control: StopControl, on signals: AsyncStream<StopReason>, onFirst: @escaping @Sendable (StopReason) -> Void
    ) -> Task<Void, Never> {
        // Threads of their own: the shared ones may all be busy in the file system.
        let executor = QueueExecutor(label: "captivateiq-export.signals")
        return Task(executorPreference: executor) { [patience, end] in
            var isFirst = true
            for await reason in signals {
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
