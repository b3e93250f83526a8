import AuditRecords
import CivilTime
import JSONText

/// Checks the lines of a data file one after the other, without memory of its own for each.
struct EventLineChecker {
    private let name: DataFileName
    private let stated: DataFile?
    private let path: String
    private let number: UInt32
    private let newestLimit: Timestamp

    /// What is wrong with the lines.
    private(set) var faults = FaultList()

    /// The ids of the lines that have one.
    private(set) var keys: [KeyLocation] = []

    /// The newest event time that is not in the future as the manifest sees it.
    private(set) var newest: Timestamp?

    private var first: Timestamp?
    private var last: Timestamp?
    private var lastID: [UInt8] = []
    private var recordKeys = RecordKeys()
    private var organizationSet = OrganizationSet()

    /// Before the first line of the file with this number. Events after `newestLimit` do not count as newest. Where no
    /// manifest says anything about the file, `stated` is `nil`, and the organizations are noted.
    init(_ name: DataFileName, stated: DataFile?, number: UInt32, newestLimit: Timestamp) {
        self.name = name
        self.stated = stated
        path = name.path
        self.number = number
        self.newestLimit = newestLimit
        // The manifest may lie about the count, so it is not trusted with much memory.
        keys.reserveCapacity(min(stated?.records ?? 0, 1 << 20))
    }

    /// Checks the next line, given without its end.
    mutating func check(_ number: Int, _ line: RawSpan) {
        guard let record = scan(number, line) else { return }
        guard let id = record.id else {
            faults.add(.identifier, path, line: number, "has no string `id`")
            return
        }
        guard let time = record.time(in: line) else {
            faults.add(.createdAt, path, line: number, "has no readable `created_at`")
            return
        }
        if stated == nil { organizationSet.record(record, in: line) }
        check(time, number)
        id.withDecodedBytes(in: line) { checkOrder(time, $0, number) }
    }

    /// Compares the first and the last event with the manifest, once all lines were checked.
    func timestampFault() -> ArchiveFault? {
        guard let stated, let (first, last) = range else { return nil }
        guard first != stated.firstEventTimestamp || last != stated.lastEventTimestamp else { return nil }
        return ArchiveFault(
            .eventTimestamps, path,
            "its events go from \(first) to \(last), the manifest says from \(stated.firstEventTimestamp) "
                + "to \(stated.lastEventTimestamp)")
    }

    /// The times of the first and the last event.
    var range: (first: Timestamp, last: Timestamp)? {
        guard let first, let last else { return nil }
        return (first, last)
    }

    /// The organizations that the events name.
    var organizations: [ArchiveOrganization] { organizationSet.organizations }

    private mutating func scan(_ number: Int, _ line: RawSpan) -> RecordScan? {
        let record: RecordScan
        do {
            record = try RecordScan(line: line, keys: &recordKeys)
        } catch {
            faults.add(.notJSON, path, line: number, "is not JSON: \(error)")
            return nil
        }
        guard record.isObject else {
            faults.add(.notAnObject, path, line: number, "is JSON but not an object")
            return nil
        }
        if record.insignificantBytes > 0 || record.range.count != line.byteCount {
            faults.add(.notCompact, path, line: number, "has white space outside its strings")
        }
        return record
    }

    private mutating func check(_ time: Timestamp, _ number: Int) {
        if time.day != name.date {
            faults.add(.partitionDate, path, line: number, "is an event of \(time), which belongs to \(time.day)")
        }
        if time <= newestLimit { newest = max(newest ?? time, time) }
        first = first ?? time
    }

    private mutating func checkOrder(_ time: Timestamp, _ id: RawSpan, _ number: Int) {
        keys.append(KeyLocation(key: EventKey(id: id), file: self.number, line: UInt32(clamping: number)))
        id.withUnsafeBytes { id in
            if let last, time < last || time == last && id.lexicographicallyPrecedes(lastID) {
                faults.add(.order, path, line: number, "comes before the line above it by (time, id)")
            }
            lastID.replaceSubrange(lastID.indices, with: id)
        }
        last = time
    }
}
