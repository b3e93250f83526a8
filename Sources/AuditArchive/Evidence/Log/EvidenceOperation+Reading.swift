import CivilTime
import JSONText

extension EvidenceEntry {
    /// Reads a line of the log, given without its end.
    init(line: ArraySlice<UInt8>) throws(OperationError) {
        let members: EvidenceMembers
        do {
            members = try EvidenceMembers(line: line)
        } catch {
            throw OperationError(reason: "is not a JSON object: \(error)")
        }
        at = try members.time("at")
        operation = try EvidenceOperation(members)
    }
}

extension EvidenceOperation {
    fileprivate init(_ members: EvidenceMembers) throws(OperationError) {
        let name = try members.string("op")
        switch name {
        case "genesis":
            self = .genesis(
                archiveID: try members.string("archive_id"), startTimestamp: try members.time("start_timestamp"),
                writer: try members.string("writer"))
        case "organization":
            self = .organization(
                ArchiveOrganization(id: try members.string("id"), name: try members.string("name")))
        case "add": self = .add(try AddedFile(members))
        case "quarantine":
            self = .quarantine(
                generation: try members.number("generation"), file: try members.file("file"),
                records: try members.number("records"), root: try members.hash("root"))
        case "quarantine_erase": self = .quarantineErase(try QuarantineErasure(members))
        case "compact": self = .compact(try CompactedDate(members))
        case "prune": self = .prune(try PrunedDates(members))
        case "erase": self = .erase(try ErasedLines(members))
        case "hold": self = .hold(try HeldDates(members))
        case "release": self = .release(try HeldDates(members))
        default: try self.init(name, members)
        }
    }

    /// Those that speak of the archive as a whole.
    private init(_ name: String, _ members: EvidenceMembers) throws(OperationError) {
        switch name {
        case "checked":
            self = .checked(
                from: try members.day("from"), to: try members.day("to"), apiCount: try members.number("api_count"),
                archiveCount: try members.number("archive_count"))
        case "commit":
            self = .commit(generation: try members.number("generation"), manifest: try members.hash("manifest"))
        case "rebuild":
            self = .rebuild(
                generation: try members.number("generation"),
                lost: try members.list("lost") { $0.text.flatMap(EvidenceFile.init(name:)) },
                pending: try members.list("pending") { $0.members?.range })
        case "restored":
            self = .restored(
                generation: try members.number("generation"), entries: try members.number("entries"),
                root: try members.hash("root"))
        case "key":
            self = .key(
                verifierKey: try members.string("vkey"), withoutOldKey: try members.flag("without_old_key"))
        case "adopt":
            self = .adopt(
                entries: try members.number("entries"), root: try members.hash("root"),
                reason: try members.string("reason"))
        default: throw OperationError(reason: "is an operation that is not known: \(JSONOutput.quoted(name))")
        }
    }
}

extension EvidenceMembers {
    /// Two times as the beginning and the end of a range.
    fileprivate var range: Range<Timestamp>? {
        guard let from = try? time("from"), let to = try? time("to"), from < to else { return nil }
        return Range(from: from, to: to)
    }
}

extension AddedFile {
    fileprivate init(_ members: EvidenceMembers) throws(OperationError) {
        generation = try members.number("generation")
        date = try members.day("date")
        file = try members.file("file")
        records = try members.number("records")
        root = try members.hash("root")
        guard file.data?.date == date else { throw OperationError(reason: "adds a file of another date") }
        if try members.flag("adopted") { return }
        let found = try members.value("source", \.members)
        source = Source(
            host: try found.string("host"), from: try found.day("from"), to: try found.day("to"),
            requests: try found.number("requests"), writer: try found.string("writer"))
    }
}

extension QuarantineErasure {
    fileprivate init(_ members: EvidenceMembers) throws(OperationError) {
        generation = try members.number("generation")
        file = try members.file("file")
        newFile = try members.fileOrNull("new_file")
        lines = try members.list("lines") { value in
            guard let pair = value.list, pair.count == 2, let number = pair[0].number,
                let leaf = pair[1].text.flatMap(TreeHash.init(hexadecimal:))
            else { return nil }
            return Line(number: number, leaf: leaf)
        }
        reason = try members.string("reason")
    }
}

extension CompactedDate {
    fileprivate init(_ members: EvidenceMembers) throws(OperationError) {
        let date = try members.day("date")
        self.date = date
        generation = try members.number("generation")
        files = try members.list("files") { value in
            guard let pair = value.list, pair.count == 2, let file = pair[0].text.flatMap(EvidenceFile.init(name:)),
                let records = pair[1].number, file.data?.date == date
            else { return nil }
            return File(file: file, records: records)
        }
        from = try members.list("from") { $0.text.flatMap { EvidenceFile(shortName: $0, date: date) } }
        runs = try members.value("runs") { $0.text.flatMap(SourceRuns.init) }
    }
}

extension PrunedDates {
    fileprivate init(_ members: EvidenceMembers) throws(OperationError) {
        generation = try members.number("generation")
        dates = try members.list("dates") { $0.text.flatMap { CalendarDay($0) } }
        files = try members.list("files") { $0.text.flatMap(EvidenceFile.init(name:)) }
        records = try members.number("records")
        reason = try members.string("reason")
    }
}

extension ErasedLines {
    fileprivate init(_ members: EvidenceMembers) throws(OperationError) {
        generation = try members.number("generation")
        file = try members.file("file")
        newFile = try members.fileOrNull("new_file")
        leaves = try members.list("leaves") { value in
            guard let parts = value.list, parts.count == 4, let file = parts[0].text.flatMap(EvidenceFile.init(name:)),
                let line = parts[1].number, let leaf = parts[2].text.flatMap(TreeHash.init(hexadecimal:)),
                let id = parts[3].text.flatMap(TreeHash.init(hexadecimal:))
            else { return nil }
            return Leaf(file: file, line: line, leaf: leaf, id: id)
        }
        reason = try members.string("reason")
        isDuplicate = try members.flag("duplicate")
    }
}

extension HeldDates {
    fileprivate init(_ members: EvidenceMembers) throws(OperationError) {
        from = try members.day("from")
        to = try members.day("to")
        reason = try members.string("reason")
        name = try members.string("name")
        guard from <= to else { throw OperationError(reason: "ends before it begins") }
    }
}
