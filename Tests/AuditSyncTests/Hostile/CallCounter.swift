import Synchronization

/// Counts calls from any number of tasks.
final class CallCounter: Sendable {
    private let count = Atomic(0)

    /// The number of this call, from 1.
    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}
