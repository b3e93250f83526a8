import Synchronization

/// A lock that one task holds at a time. Tasks get it in the order in which they ask.
final class AsyncMutex: Sendable {
    private struct Waiter {
        let id: UInt64
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var isTaken = false
        var nextID: UInt64 = 0
        var waiters: [Waiter] = []
    }

    private let state = Mutex(State())

    /// Waits for the lock. Every call that returns must be followed by one `release`.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled; the lock is not taken then.
    func acquire() async throws(CancellationError) {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let isMine = await withTaskCancellationHandler {
            await withCheckedContinuation { enqueue(Waiter(id: id, continuation: $0)) }
        } onCancel: {
            withdraw(id)
        }
        if !isMine { throw CancellationError() }
    }

    /// Hands the lock to the task that has waited longest.
    func release() {
        let next = state.withLock { state -> Waiter? in
            if state.waiters.isEmpty {
                state.isTaken = false
                return nil
            }
            return state.waiters.removeFirst()
        }
        next?.continuation.resume(returning: true)
    }

    /// How many wait.
    var waiting: Int { state.withLock { $0.waiters.count } }

    private func enqueue(_ waiter: Waiter) {
        // A task is marked as cancelled before its handler runs. So either the mark is seen here, or the handler
        // comes after this lock and finds the waiter.
        let outcome = state.withLock { state -> Bool? in
            if Task.isCancelled { return false }
            if state.isTaken {
                state.waiters.append(waiter)
                return nil
            }
            state.isTaken = true
            return true
        }
        if let outcome { waiter.continuation.resume(returning: outcome) }
    }

    private func withdraw(_ id: UInt64) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
            return state.waiters.remove(at: index)
        }
        waiter?.continuation.resume(returning: false)
    }
}
