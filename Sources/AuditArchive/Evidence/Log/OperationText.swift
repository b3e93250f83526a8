import CivilTime
import JSONText

/// The text of a line of the log: compact JSON, `op` first, members in the order of the format's table.
struct OperationText {
    private(set) var text: String

    private init(_ operation: String, at time: Timestamp) {
        text = "{\"op\":\"\(operation)\",\"at\":\"\(time)\""
    }

    private mutating func add(_ key: String, json: String) { text += ",\"\(key)\":\(json)" }

    private mutating func add(_ key: String, _ value: String) { add(key, json: JSONOutput.quoted(value)) }

    private mutating func add(_ key: String, _ value: Int) { add(key, json: String(value)) }

    private mutating func add(_ key: String, _ day: CalendarDay) { add(key, json: "\"\(day)\"") }

    private mutating func add(_ key: String, _ hash: TreeHash) { add(key, json: "\"\(hash.hexadecimal)\"") }

    private mutating func add(_ key: String, _ file: EvidenceFile?) {
        add(key, json: file.map { "\"\($0.name)\"" } ?? "null")
    }

    private mutating func add(_ key: String, list: [String]) { add(key, json: "[\(list.joined(separator: ","))]") }

    /// Only what is so is said.
    private mutating func add(_ key: String, flag: Bool) { if flag { add(key, json: "true") } }
}

extension EvidenceEntry {
    /// The line, without its end.
    var line: [UInt8] { Array(OperationText(self).text.utf8) }
}

extension OperationText {
    /// The line of an entry.
    init(_ entry: EvidenceEntry) {
        self.init(entry.operation.name, at: entry.at)
        switch entry.operation {
        case .genesis(let archiveID, let startTimestamp, let writer):
            add("archive_id", archiveID)
            add("start_timestamp", startTimestamp.description)
            add("writer", writer)
        case .organization(let organization):
            add("id", organization.id)
            add("name", organization.name)
        case .add(let file): add(file)
        case .quarantine(let generation, let file, let records, let root):
            add("generation", generation)
            add("file", file)
            add("records", records)
            add("root", root)
        case .quarantineErase(let erasure): add(erasure)
        case .compact(let date): add(date)
        case .prune(let dates): add(dates)
        case .erase(let lines): add(lines)
        case .hold(let dates), .release(let dates):
            add("from", dates.from)
            add("to", dates.to)
            add("reason", dates.reason)
            add("name", dates.name)
        case .checked(let from, let to, let apiCount, let archiveCount):
            add("from", from)
            add("to", to)
            add("api_count", apiCount)
            add("archive_count", archiveCount)
        case .commit(let generation, let manifest):
            add("generation", generation)
            add("manifest", manifest)
        case .rebuild(let generation, let lost, let pending):
            add("generation", generation)
            add("lost", list: lost.map { "\"\($0.name)\"" })
            add("pending", list: pending.map { "{\"from\":\"\($0.lowerBound)\",\"to\":\"\($0.upperBound)\"}" })
        case .restored(let generation, let entries, let root):
            add("generation", generation)
            add("entries", entries)
            add("root", root)
        case .key(let verifierKey, let withoutOldKey):
            add("vkey", verifierKey)
            add("without_old_key", flag: withoutOldKey)
        case .adopt(let entries, let root, let reason):
            add("entries", entries)
            add("root", root)
            add("reason", reason)
        }
        text += "}"
    }

    private mutating func add(_ file: AddedFile) {
        add("generation", file.generation)
        add("date", file.date)
        add("file", file.file)
        add("records", file.records)
        add("root", file.root)
        guard let source = file.source else { return add("adopted", flag: true) }
        let members =
            "\"host\":\(JSONOutput.quoted(source.host)),\"from\":\"\(source.from)\",\"to\":\"\(source.to)\","
            + "\"requests\":\(source.requests),\"writer\":\(JSONOutput.quoted(source.writer))"
        add("source", json: "{\(members)}")
    }

    private mutating func add(_ erasure: QuarantineErasure) {
        add("generation", erasure.generation)
        add("file", erasure.file)
        add("new_file", erasure.newFile)
        add("lines", list: erasure.lines.map { "[\($0.number),\"\($0.leaf.hexadecimal)\"]" })
        add("reason", erasure.reason)
    }

    private mutating func add(_ date: CompactedDate) {
        add("generation", date.generation)
        add("date", date.date)
        add("files", list: date.files.map { "[\"\($0.file.name)\",\($0.records)]" })
        add("from", list: date.from.map { "\"\($0.shortName)\"" })
        add("runs", date.runs.text)
    }

    private mutating func add(_ dates: PrunedDates) {
        add("generation", dates.generation)
        add("dates", list: dates.dates.map { "\"\($0)\"" })
        add("files", list: dates.files.map { "\"\($0.name)\"" })
        add("records", dates.records)
        add("reason", dates.reason)
    }

    private mutating func add(_ lines: ErasedLines) {
        add("generation", lines.generation)
        add("file", lines.file)
        add("new_file", lines.newFile)
        let leaves = lines.leaves.map { leaf in
            "[\"\(leaf.file.name)\",\(leaf.line),\"\(leaf.leaf.hexadecimal)\",\"\(leaf.id.hexadecimal)\"]"
        }
        add("leaves", list: leaves)
        add("reason", lines.reason)
        add("duplicate", flag: lines.isDuplicate)
    }
}

extension EvidenceOperation {
    /// What `op` says.
    package var name: String {
        switch self {
        case .genesis: "genesis"
        case .organization: "organization"
        case .add: "add"
        case .quarantine: "quarantine"
        case .quarantineErase: "quarantine_erase"
        case .compact: "compact"
        case .prune: "prune"
        case .erase: "erase"
        case .hold: "hold"
        case .release: "release"
        case .checked: "checked"
        case .commit: "commit"
        case .rebuild: "rebuild"
        case .restored: "restored"
        case .key: "key"
        case .adopt: "adopt"
        }
    }
}
