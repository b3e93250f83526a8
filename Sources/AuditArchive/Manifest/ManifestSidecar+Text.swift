import CivilTime
import JSONText

extension ManifestSidecar {
    /// The text of the hint's file: one line, but for a line for each date.
    func encoded() -> [UInt8] {
        func list(_ entries: [String]) -> String { "[\(entries.joined(separator: ", "))]" }
        func quoted<Value>(_ value: Value?) -> String { value.map { "\"\($0)\"" } ?? "null" }
        var text = "{\"generation\": \(generation), \"digest\": \"\(digest)\", "
        text += "\"start_timestamp\": \"\(startTimestamp)\", \"pending\": \(list(pending.ranges.map(\.encoded))), "
        text += "\"organization\": \(organization?.encoded ?? "null"), \"archive_id\": \"\(archiveID)\", "
        text += "\"synced_to\": \(quoted(syncedTo)), \"complete_through\": \(quoted(completeThrough)), "
        text += "\"checked\": \(list(checked.map(\.encoded))), \"holds\": \(list(holds.map(\.encoded))), "
        text += "\"pruned\": \(list(pruned.map(\.encoded))), "
        text += "\"unknown\": {\(unknown.map(\.encoded).joined(separator: ", "))}, \"dates\": ["
        text += dates.map { "\n" + $0.encoded }.joined(separator: ",")
        return Array((text + "]}\n").utf8)
    }

    /// Reads the hint's file; `nil` if it cannot be made sense of.
    init?(decoding bytes: [UInt8]) {
        var fields = SidecarFields(bytes: bytes)
        do {
            var reader = JSONReader(bytes)
            try fields.read(&reader)
            try reader.finish()
            guard let generation = fields.generation, (0...Manifest.largestNumber).contains(generation),
                let start = fields.start.flatMap({ Timestamp(rfc3339: $0) }), let pending = fields.pending
            else { return nil }
            self.generation = generation
            startTimestamp = start
            self.pending = RangeSet(try pending.map { try $0.value() })
            organization = try fields.organization?.value()
            guard let digest = fields.digest, !digest.isEmpty else { return }
            self.digest = digest
            archiveID = fields.archiveID ?? ""
            syncedTo = try fields.syncedTo.timestampIfAny("synced_to")
            completeThrough = fields.completeThrough.flatMap { CalendarDay($0) }
            checked = try fields.checked.map { try $0.value() }
            holds = try fields.holds.map { try $0.value() }
            pruned = try fields.pruned.map { try $0.value() }
            unknown = fields.unknown
            dates = try fields.dates.map { try $0.value() }
            guard isInOrder else { return nil }
        } catch {
            return nil
        }
    }

    private var isInOrder: Bool {
        digest.isLowerHexadecimal(64) && (archiveID.isEmpty || archiveID.isLowerHexadecimal(32))
            && zip(dates, dates.dropFirst()).allSatisfy { $0.date < $1.date }
            && zip(checked, checked.dropFirst()).allSatisfy { $0.to < $1.from }
    }
}

/// The members of the notes as they are read.
private struct SidecarFields {
    let bytes: [UInt8]
    var generation: Int?
    var start, digest, archiveID, syncedTo, completeThrough: String?
    var organization: ManifestEntry?
    var pending: [ManifestEntry]?
    var checked: [ManifestEntry] = []
    var holds: [ManifestEntry] = []
    var pruned: [ManifestEntry] = []
    var unknown: [UnknownMember] = []
    var dates: [ManifestEntry] = []

    mutating func read(_ reader: inout JSONReader) throws(JSONTextError) {
        try reader.readObject { (reader, key) throws(JSONTextError) in
            switch key {
            case "generation": generation = try reader.readInteger()
            case "digest": digest = try reader.readString()
            case "start_timestamp": start = try reader.readString()
            case "pending": pending = try ManifestEntry.list(&reader, in: key)
            case "organization": organization = try reader.readNull() ? nil : ManifestEntry(&reader, in: key)
            case "archive_id": archiveID = try reader.readString()
            case "synced_to": syncedTo = try reader.readNull() ? nil : reader.readString()
            case "complete_through": completeThrough = try reader.readNull() ? nil : reader.readString()
            case "checked": checked = try ManifestEntry.list(&reader, in: key)
            case "holds": holds = try ManifestEntry.list(&reader, in: key)
            case "pruned": pruned = try ManifestEntry.list(&reader, in: key)
            case "unknown":
                try reader.readObject { (reader, key) throws(JSONTextError) in
                    unknown.append(try UnknownMember(&reader, key: key, of: bytes))
                }
            case "dates": dates = try ManifestEntry.list(&reader, in: key)
            default: try reader.skipValue()
            }
        }
    }
}

extension ManifestSidecar.Date {
    fileprivate var encoded: String {
        "{\"date\": \"\(date)\", \"state\": \"\(state.rawValue)\", \"files\": \(files), \"records\": \(records), "
            + "\"digest\": \"\(digest)\"}"
    }
}

extension ManifestEntry {
    fileprivate func value() throws(ManifestError) -> ManifestSidecar.Date {
        let state = try Partition.State(rawValue: string("state")).required("\(place).state")
        return ManifestSidecar.Date(
            date: try date("date"), state: state, files: try count("files"), records: try count("records"),
            digest: try string("digest"))
    }
}
