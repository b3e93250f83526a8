import CivilTime
import JSONText

/// One object in the manifest, as it is read: the strings and the integers by key. Everything else it may hold belongs
/// to later writers and is passed over.
struct ManifestEntry {
    private let list: String
    private let index: Int?
    // Searched from the front: there are at most eight of each, and a dictionary would cost more than reading the JSON.
    private var strings: [(key: String, value: String)] = []
    private var integers: [(key: String, value: Int)] = []

    /// Where it stands, such as `files[3]`, for messages.
    var place: String { index.map { "\(list)[\($0)]" } ?? list }

    /// Reads the list that comes next.
    static func list(_ reader: inout JSONReader, in key: String) throws(JSONTextError) -> [ManifestEntry] {
        var entries: [ManifestEntry] = []
        try reader.readArray { (reader) throws(JSONTextError) in
            var entry = ManifestEntry(list: key, index: entries.count)
            try entry.read(&reader)
            entries.append(entry)
        }
        return entries
    }

    /// An object without members.
    private init(list: String, index: Int?) {
        self.list = list
        self.index = index
        strings.reserveCapacity(5)
        integers.reserveCapacity(4)
    }

    /// Reads the object that comes next.
    init(_ reader: inout JSONReader, in key: String) throws(JSONTextError) {
        self.init(list: key, index: nil)
        try read(&reader)
    }

    private mutating func read(_ reader: inout JSONReader) throws(JSONTextError) {
        try reader.readObject { (reader, key) throws(JSONTextError) in
            switch key {
            case "path", "date", "sha256", "state", "first_event_timestamp", "last_event_timestamp", "from", "to",
                "checked_at", "id", "name", "archived_at", "pruned_at", "reason", "digest":
                strings.append((key, try reader.readString()))
            case "generation", "size", "uncompressed_size", "records", "api_count", "files", "archive_count",
                "difference",
                "gone_at_vendor", "unexplained", "replaces":
                integers.append((key, try reader.readInteger()))
            default: try reader.skipValue()
            }
        }
    }

    func string(_ key: String) throws(ManifestError) -> String { try text(key).required("\(place).\(key)") }

    func timestamp(_ key: String) throws(ManifestError) -> Timestamp { try text(key).timestamp("\(place).\(key)") }

    func count(_ key: String) throws(ManifestError) -> Int {
        let count = try number(key).required("\(place).\(key)")
        guard count >= 0 else { throw .invalid(key: "\(place).\(key)", reason: "is negative") }
        guard count <= Manifest.largestNumber else {
            throw .invalid(key: "\(place).\(key)", reason: "is larger than anything an archive can have")
        }
        return count
    }

    func has(_ key: String) -> Bool { text(key) != nil || number(key) != nil }

    func date(_ key: String) throws(ManifestError) -> CalendarDay { try text(key).date("\(place).\(key)") }

    func countIfAny(_ key: String) throws(ManifestError) -> Int? { has(key) ? try count(key) : nil }

    func timestampIfAny(_ key: String) throws(ManifestError) -> Timestamp? { has(key) ? try timestamp(key) : nil }

    /// A number that may be negative.
    func differenceIfAny(_ key: String) throws(ManifestError) -> Int? {
        guard let number = number(key) else { return nil }
        guard number.magnitude <= Manifest.largestNumber else {
            throw .invalid(key: "\(place).\(key)", reason: "is larger than anything an archive can have")
        }
        return number
    }

    /// The first and the last of some dates in a row.
    func dates() throws(ManifestError) -> (from: CalendarDay, to: CalendarDay) {
        let (from, to) = (try date("from"), try date("to"))
        guard from <= to else { throw .invalid(key: place, reason: "ends before it begins") }
        return (from, to)
    }

    /// Of duplicates the last.
    private func text(_ key: String) -> String? { strings.last { $0.key == key }?.value }

    private func number(_ key: String) -> Int? { integers.last { $0.key == key }?.value }

    func sha256() throws(ManifestError) -> TreeHash {
        guard let hash = TreeHash(hexadecimal: try string("sha256")) else {
            throw .invalid(key: "\(place).sha256", reason: "is not 64 lower-case hex digits")
        }
        return hash
    }
}

extension ManifestEntry {
    func value() throws(ManifestError) -> ArchiveOrganization {
        ArchiveOrganization(id: try string("id"), name: try string("name"))
    }

    func value() throws(ManifestError) -> Manifest.Totals {
        Manifest.Totals(
            files: try count("files"), records: try count("records"), size: try count("size"),
            uncompressedSize: try count("uncompressed_size"))
    }

    func value() throws(ManifestError) -> Range<Timestamp> {
        let range = Range(from: try timestamp("from"), to: try timestamp("to"))
        guard range.lowerBound < range.upperBound else { throw .invalid(key: place, reason: "ends before it begins") }
        return range
    }

    func value() throws(ManifestError) -> Partition {
        let date = try date("date")
        guard let state = Partition.State(rawValue: try string("state")) else {
            throw .invalid(key: "\(place).state", reason: "is neither open, closed nor erased")
        }
        return Partition(date: date, state: state, records: try count("records"))
    }

    /// What version 1 kept beside a partition. It forgot that when the partition changed, so the counts go together.
    func checkOfPartition() throws(ManifestError) -> CheckedRun? {
        guard has("api_count"), has("checked_at") else { return nil }
        let (date, records, count) = (try date("date"), try count("records"), try count("api_count"))
        return CheckedRun(
            from: date, to: date, checkedAt: try timestamp("checked_at"), apiCount: count, archiveCount: records,
            difference: count == records ? nil : count - records)
    }

    func value() throws(ManifestError) -> CheckedRun {
        let (from, to) = try dates()
        return CheckedRun(
            from: from, to: to, checkedAt: try timestamp("checked_at"), apiCount: try count("api_count"),
            archiveCount: try count("archive_count"), difference: try differenceIfAny("difference"),
            goneAtVendor: try countIfAny("gone_at_vendor"), unexplained: try countIfAny("unexplained"))
    }

    func value() throws(ManifestError) -> Hold {
        let (from, to) = try dates()
        return Hold(name: try string("name"), from: from, to: to, reason: try string("reason"))
    }

    func value() throws(ManifestError) -> PrunedRun {
        let (from, to) = try dates()
        return PrunedRun(
            from: from, to: to, records: try count("records"), prunedAt: try timestamp("pruned_at"),
            reason: try string("reason"))
    }

    func value() throws(ManifestError) -> DataFile {
        guard let name = DataFileName(path: try string("path")) else {
            throw .invalid(key: "\(place).path", reason: "is not the path of a data file")
        }
        guard CalendarDay(try string("date")) == name.date, try count("generation") == name.generation else {
            throw .invalid(key: place, reason: "has a path that disagrees with its date or generation")
        }
        return DataFile(
            name: name, digest: try digest(), firstEventTimestamp: try timestamp("first_event_timestamp"),
            lastEventTimestamp: try timestamp("last_event_timestamp"),
            archivedAt: try timestampIfAny("archived_at"), replaces: try countIfAny("replaces"))
    }

    func value() throws(ManifestError) -> QuarantineFile {
        guard let name = QuarantineFileName(path: try string("path")) else {
            throw .invalid(key: "\(place).path", reason: "is not the path of a quarantine file")
        }
        guard try count("generation") == name.generation else {
            throw .invalid(key: place, reason: "has a path that disagrees with its generation")
        }
        return QuarantineFile(name: name, digest: try digest())
    }

    private func digest() throws(ManifestError) -> FileDigest {
        FileDigest(
            sha256: try sha256(), size: try count("size"), uncompressedSize: try count("uncompressed_size"),
            records: try count("records"))
    }
}

extension Optional {
    func required(_ key: @autoclosure () -> String) throws(ManifestError) -> Wrapped {
        guard let self else { throw .invalid(key: key(), reason: "is missing") }
        return self
    }
}

extension String? {
    func timestamp(_ key: @autoclosure () -> String) throws(ManifestError) -> Timestamp {
        guard let timestamp = Timestamp(rfc3339: try required(key())) else {
            throw .invalid(key: key(), reason: "is no RFC 3339 timestamp")
        }
        return timestamp
    }

    func date(_ key: @autoclosure () -> String) throws(ManifestError) -> CalendarDay {
        guard let date = CalendarDay(try required(key())) else { throw .invalid(key: key(), reason: "is no date") }
        return date
    }
}

extension String? {
    func timestampIfAny(_ key: @autoclosure () -> String) throws(ManifestError) -> Timestamp? {
        self == nil ? nil : try timestamp(key())
    }
}

extension String {
    /// Whether it is this many lower-case hex digits.
    func isLowerHexadecimal(_ count: Int) -> Bool {
        utf8.count == count && utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}
