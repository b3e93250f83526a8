import AuditArchive
import AuditRecords
import CivilTime
import JSONText

/// What the events of a period come to, file by file.
struct StatementTally: Sendable {
    /// What all of them are compared with.
    struct Reference: Sendable {
        /// An event that came later than this after it happened is late.
        var lookback: Duration
        /// When the archive was begun; nil where that is not known.
        var began: Timestamp?
        /// The times that other versions of events name, by the events.
        var versions: [EventKey: [Timestamp?]]
    }

    /// The ids of so many events of a kind are named.
    static let mostIDs = 20

    /// What all of them are compared with.
    let reference: Reference
    private var runs: ArraySlice<LineArrivals.Run>
    private var taken = 0

    var events = 0
    var first: Timestamp?
    var last: Timestamp?
    var late = StatementExceptions.Late()
    var changed = StatementExceptions.Changed()
    /// The events of which there are other versions.
    var found: Set<EventKey> = []

    /// Before the first line of a file. `runs`: when its lines came.
    init(_ reference: Reference, _ runs: [LineArrivals.Run]) {
        self.reference = reference
        self.runs = runs[...]
    }

    /// Adds the next line of the file, which was verified.
    mutating func add(_ line: RawSpan) {
        let arrival = nextArrival()
        guard let record = try? RecordScan(line: line), let time = record.time(in: line) else { return }
        events += 1
        first = min(first ?? time, time)
        last = max(last ?? time, time)
        if isLate(time, arrival) { Self.name(record, line, in: &late.ids) }
        guard !reference.versions.isEmpty, let id = record.id else { return }
        let key = id.withDecodedBytes(in: line) { EventKey(id: $0) }
        guard let versions = reference.versions[key] else { return }
        found.insert(key)
        changed.events += 1
        if versions.contains(where: { $0 != nil && $0 != time }) { changed.moved += 1 }
        Self.name(record, line, in: &changed.ids)
    }

    /// When the next line came; nil where that is not known.
    private mutating func nextArrival() -> Timestamp? {
        guard let run = runs.first else { return nil }
        taken += 1
        if taken >= run.count { (runs, taken) = (runs.dropFirst(), 0) }
        return run.at
    }

    private mutating func isLate(_ time: Timestamp, _ arrival: Timestamp?) -> Bool {
        if let began = reference.began, time < began {
            late.backfilled += 1
        } else if let arrival {
            let taken = arrival - time
            guard taken > reference.lookback else { return false }
            late.events += 1
            late.longest = max(late.longest, taken)
            return true
        } else {
            late.unknown += 1
        }
        return false
    }

    private static func name(_ record: RecordScan, _ line: RawSpan, in ids: inout [String]) {
        guard ids.count < mostIDs, let id = record.id else { return }
        ids.append(id.string(in: line))
    }

    /// Adds what the events of another file come to. The order of the files does not matter.
    mutating func add(_ other: StatementTally) {
        events += other.events
        first = [first, other.first].compactMap(\.self).min()
        last = [last, other.last].compactMap(\.self).max()
        late.events += other.late.events
        late.longest = max(late.longest, other.late.longest)
        late.backfilled += other.late.backfilled
        late.unknown += other.late.unknown
        late.ids = Array((late.ids + other.late.ids).sorted().prefix(Self.mostIDs))
        changed.events += other.changed.events
        changed.moved += other.changed.moved
        changed.ids = Array((changed.ids + other.changed.ids).sorted().prefix(Self.mostIDs))
        found.formUnion(other.found)
    }
}
