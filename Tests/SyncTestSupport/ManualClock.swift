import CaptivateIQAPI
package import CivilTime
import Synchronization

/// A clock that tests move by hand.
package final class ManualClock: TimeSource {
    /// What a sleep does.
    package enum Mode: Sendable {
        /// Waits until the test has advanced the clock far enough.
        case manual
        /// Advances the clock itself and returns at once.
        case immediate
    }

    private struct Sleeper {
        let id: UInt64
        let end: Duration
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct Watcher {
        let count: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var elapsed: Duration = .zero
        var nextID: UInt64 = 0
        var sleepers: [Sleeper] = []
        var watchers: [Watcher] = []
        var slept: [Duration] = []
    }

    private let start: Timestamp
    private let mode: Mode
    private let state = Mutex(State())

    /// A clock whose wall time is `start` and whose uptime is zero.
    package init(start: Timestamp = Timestamp(microseconds: 1_767_225_600_000_000), mode: Mode = .manual) {
        self.start = start
        self.mode = mode
    }

    /// `start` and what has passed since.
    package func now() -> Timestamp { start + uptime() }

    /// What has passed so far.
    package func uptime() -> Duration { state.withLock { $0.elapsed } }

    /// Every duration that was slept or is being slept, in the order of falling asleep.
    package var slept: [Duration] { state.withLock { $0.slept } }

    /// Sleeps as `mode` says.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    package func sleep(for duration: Duration) async throws(CancellationError) {
        let (id, end) = state.withLock { state in
            state.nextID += 1
            state.slept.append(duration)
            return (state.nextID, state.elapsed + duration)
        }
        if mode == .immediate {
            if Task.isCancelled { throw CancellationError() }
            state.withLock { $0.elapsed = max($0.elapsed, end) }
            await Task.yield()
            return
        }
        let isOver = await withTaskCancellationHandler {
            await withCheckedContinuation { fallAsleep(Sleeper(id: id, end: end, continuation: $0)) }
        } onCancel: {
            withdraw(id)
        }
        if !isOver { throw CancellationError() }
    }

    /// Moves the time on and wakes those whose sleep is over.
    package func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.elapsed += duration
            let woken = state.sleepers.filter { $0.end <= state.elapsed }
            state.sleepers.removeAll { $0.end <= state.elapsed }
            return woken.sorted { $0.end < $1.end }
        }
        for sleeper in woken { sleeper.continuation.resume(returning: true) }
    }

    /// Returns once at least `count` tasks are asleep at the same time.
    package func sleepers(atLeast count: Int) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.watchers.append(Watcher(count: count, continuation: continuation))
                return false
            }
            if isReached { continuation.resume() }
        }
    }

    private func fallAsleep(_ sleeper: Sleeper) {
        // Either the cancellation is seen here, or its handler finds the sleeper after this lock.
        let (outcome, reached) = state.withLock { state -> (Bool?, [Watcher]) in
            if Task.isCancelled { return (false, []) }
            if sleeper.end <= state.elapsed { return (true, []) }
            state.sleepers.append(sleeper)
            let reached = state.watchers.filter { $0.count <= state.sleepers.count }
            state.watchers.removeAll { $0.count <= state.sleepers.count }
            return (nil, reached)
        }
        for watcher in reached { watcher.continuation.resume() }
        if let outcome { sleeper.continuation.resume(returning: outcome) }
    }

    private func withdraw(_ id: UInt64) {
        let sleeper = state.withLock { state -> Sleeper? in
            guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else { return nil }
            return state.sleepers.remove(at: index)
        }
        sleeper?.continuation.resume(returning: false)
    }
}
