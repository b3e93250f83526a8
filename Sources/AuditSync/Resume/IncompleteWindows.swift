import CivilTime

/// The windows of a sync whose pages did not add up.
struct IncompleteWindows {
    private let resume: ResumeStore
    private var windows: [Window] = []

    /// None yet. `resume` remembers those of the last sync.
    init(_ resume: ResumeStore) { self.resume = resume }

    /// Whether there is none.
    var isEmpty: Bool { windows.isEmpty }

    /// Takes note of one.
    mutating func append(_ window: Window) { windows.append(window) }

    /// The failure of the sync, and what the next one is to remember. Those that did not add up at the last sync either will
    /// not by themselves.
    var failure: SyncFailure {
        let names = windows.map { "\($0.start) to \($0.end?.description ?? "now")" }.joined(separator: ", ")
        let before = resume.incompleteWindows
        resume.save(windows)
        let isRepeated = windows.contains { window in before.contains { $0.overlaps(window) } }
        return SyncFailure(isRepeated ? .contradictory(names) : .incomplete(names))
    }
}
