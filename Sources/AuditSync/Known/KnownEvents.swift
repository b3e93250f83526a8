import AuditArchive
import AuditRecords
import CivilTime

/// The events that are archived or on their way, as far as the window that is read can meet them; and which of them the
/// walks of this window have seen.
struct KnownEvents: Sendable {
    /// What an event turned out to be.
    enum Finding {
        case new, duplicate
        /// Met before by the same walk: pages share rows.
        case repeated
        /// Known, and written otherwise. `value`: what the known content says, if that was found out before.
        case differs(from: CanonicalDigest?, isFirst: Bool)
    }

    private var table = EventTable()
    private var walk: UInt32 = 0
    private var firstWalkOfWindow: UInt32 = 0
    /// Dates of whose known events the values were found out, all that there were.
    private var datesOfValues: Set<CalendarDay> = []

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
        datesOfValues = []
    }

    /// Learns what the archive holds.
    mutating func insert(_ archived: [ArchivedEvent]) {
        for event in archived {
            let index = table.insert(event.key)
            // What is known already of its value is worth more.
            if table[index].value == nil { table[index].digest = event.digest }
        }
        if !archived.isEmpty { datesOfValues = [] }
    }

    /// Learns what known events say, whatever the order of their members.
    mutating func learn(_ values: [EventValue]) {
        for event in values {
            guard let index = table.index(of: event.key), table[index].isKnown else { continue }
            table[index].value = event.digest
        }
    }

    /// What a known event says, if that was found out.
    func value(of key: EventKey) -> CanonicalDigest? { table.index(of: key).flatMap { table[$0].value } }

    /// Dates among some of which it was not found out yet what their known events say.
    func datesWithoutValues(_ dates: Set<CalendarDay>) -> Set<CalendarDay> { dates.subtracting(datesOfValues) }

    /// All that is known of a date was learnt by ``learn(_:)``.
    mutating func noteValues(of date: CalendarDay) { datesOfValues.insert(date) }

    /// How many of some events are probably known; makes it cheap to meet them next.
    func probableCount(of keys: some Sequence<EventKey>) -> Int { table.probableCount(of: keys) }

    /// Those of some events that are neither archived nor on their way; makes it cheap to meet them next.
    func unknown(of keys: some Collection<EventKey>) -> [EventKey] {
        var unknown: [EventKey] = []
        unknown.reserveCapacity(keys.count - table.probableCount(of: keys))
        for key in keys where !contains(key) { unknown.append(key) }
        return unknown
    }

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
        defer { table[index] = entry }
        guard entry.isKnown else {
            if isWanted { entry.digest = digest }
            return .new
        }
        if entry.digest == digest { return isFirst ? .duplicate : .repeated }
        return .differs(from: entry.value, isFirst: isFirst)
    }

    /// Whether an event is archived or on its way.
    func contains(_ key: EventKey) -> Bool { table.index(of: key).map { table[$0].isKnown } ?? false }
}
