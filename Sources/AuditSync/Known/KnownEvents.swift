import AuditArchive

/// The events that are archived or on their way, as far as the window that is read can meet them; and which of them the
/// walks of this window have seen.
struct KnownEvents: Sendable {
    /// What an event turned out to be.
    enum Finding {
        case new, duplicate, changed
        /// Met before by the same walk: pages share rows.
        case repeated
    }

    private var table = EventTable()
    private var walk: UInt32 = 0
    private var firstWalkOfWindow: UInt32 = 0

    /// Different events that the current walk saw.
    private(set) var seenInWalk = 0

    /// Those of them that the next window shares.
    private(set) var sharedInWalk = 0

    /// Different events that all walks of the window saw.
    private(set) var seenInWindow = 0

    /// Events remembered, archived or only seen.
    var count: Int { table.count }

    /// Forgets which events were seen; a new window begins.
    mutating func beginWindow() {
        firstWalkOfWindow = walk + 1
        seenInWindow = 0
    }

    /// A new walk of the window begins.
    mutating func beginWalk() {
        walk += 1
        seenInWalk = 0
        sharedInWalk = 0
    }

    /// Forgets everything, to bound memory. What was on its way must be committed before.
    mutating func removeAll() {
        table = EventTable()
    }

    /// Learns what the archive holds.
    mutating func insert(_ archived: [ArchivedEvent]) {
        for event in archived {
            let index = table.insert(event.key)
            table[index].digest = event.digest
        }
    }

    /// How many of some events are probably known; makes it cheap to meet them next.
    func probableCount(of keys: some Sequence<EventKey>) -> Int { table.probableCount(of: keys) }

    /// Tells new from known, and counts. A new event that is wanted becomes known; one that is not is only counted.
    mutating func meet(_ key: EventKey, _ digest: ContentDigest, isWanted: Bool, isShared: Bool) -> Finding {
        let index = table.insert(key)
        var entry = table[index]
        let isFirst = entry.seenInWalk < walk
        if isFirst {
            seenInWalk += 1
            if isShared { sharedInWalk += 1 }
        }
        if entry.seenInWalk < firstWalkOfWindow { seenInWindow += 1 }
        entry.seenInWalk = walk
        let finding: Finding =
            switch entry.digest {
            case nil: .new
            case digest: isFirst ? .duplicate : .repeated
            default: .changed
            }
        if finding == .new && isWanted { entry.digest = digest }
        table[index] = entry
        return finding
    }

    /// Whether an event is archived or on its way.
    func contains(_ key: EventKey) -> Bool { table.index(of: key).map { table[$0].digest != nil } ?? false }
}
