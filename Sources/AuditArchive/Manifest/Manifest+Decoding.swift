import JSONText

/// Why bytes are not a manifest that this program can work with.
enum ManifestError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not JSON, and where.
    case notJSON(JSONTextError)
    /// A key is missing or holds what it must not.
    case invalid(key: String, reason: String)
    /// Written in a later version of the format.
    case unknownVersion(Int)

    var description: String {
        switch self {
        case .notJSON(let error): "it is not readable as JSON: \(error)"
        case .invalid(let key, let reason): "`\(key)` \(reason)"
        case .unknownVersion(let version):
            "it has format version \(version), and this program knows version \(Manifest.newestFormatVersion)"
        }
    }
}

extension Manifest {
    /// Reads `manifest.json`. What is known must be whole and agree with itself. Unknown members of the manifest itself are
    /// kept for the next one; unknown keys further down are passed over.
    init(decoding bytes: [UInt8]) throws(ManifestError) {
        var totals = Totals()
        try self.init(decoding: bytes, statedTotals: &totals)
    }

    /// Reads `manifest.json`, and the totals as it states them, which only `verify` compares with the files.
    init(decoding bytes: [UInt8], statedTotals: inout Totals) throws(ManifestError) {
        // Whatever is wrong with the rest, the general reader of the whole text says best.
        if let quick = FileLines(bytes).flatMap({ try? Self($0, &statedTotals) }) {
            self = quick
            return
        }
        try self.init(try ManifestFields(bytes, listOfFiles: nil), nil, &statedTotals) {
            (isSealed) throws(ManifestError) in
            isSealed ? try ManifestSeal.check(bytes) : (ManifestSeal.identity(of: bytes), nil)
        }
    }

    /// Reads `manifest.json`, whose files were read before.
    ///
    /// - Throws: Also where the text is not of the newest form. The general reader of all of it says what is wrong, if
    ///   anything is.
    init(_ lines: FileLines, _ statedTotals: inout Totals) throws(ManifestError) {
        let fields = try ManifestFields(lines.rest, listOfFiles: lines.place)
        // Of another list of that form the text lacks the lines.
        guard fields.hasListOfFiles else { throw .invalid(key: "files", reason: "is another list") }
        try self.init(fields, lines.files, &statedTotals) { (isSealed) throws(ManifestError) in
            guard isSealed else { throw .invalid(key: ManifestSeal.key, reason: "is missing") }
            return try ManifestSeal.check(Array(lines.tail), after: lines.hash)
        }
    }

    private init(
        _ fields: ManifestFields, _ files: [DataFile]?, _ statedTotals: inout Totals,
        _ identify: (_ isSealed: Bool) throws(ManifestError) -> (digest: String, aboveEvidence: TreeHash?)
    ) throws(ManifestError) {
        let version = try fields.checkedVersion()
        self.init(
            generation: try fields.generation.required("generation"),
            writtenAt: try fields.writtenAt.timestamp("written_at"),
            writer: try fields.writer.required("writer"),
            startTimestamp: try fields.startTimestamp.timestamp("start_timestamp"))
        formatVersion = version
        // An older program's manifest has none, but one that has it must be whole.
        (digest, digestAboveEvidence) = try identify(version > 1 || fields.seen.contains(ManifestSeal.key))
        try fields.checkPresence(version)
        try take(fields)
        if let files {
            self.files = files
        } else {
            self.files = try fields.files.required("files").map { entry throws(ManifestError) in try entry.value() }
        }
        statedTotals = try fields.totals.required("totals").value()
        try check()
    }

    private mutating func take(_ fields: ManifestFields) throws(ManifestError) {
        organization = try fields.organization?.value()
        lastEventTimestamp = try fields.lastEventTimestamp.timestampIfAny("last_event_timestamp")
        unknown = fields.unknown
        pending = RangeSet(try fields.pending.map { range throws(ManifestError) in try range.value() })
        let entries = try fields.partitions.required("partitions")
        partitions = try entries.map { entry throws(ManifestError) in try entry.value() }
        quarantine = try fields.quarantine.map { entry throws(ManifestError) in try entry.value() }
        guard formatVersion > 1 else {
            for entry in entries { checked += try entry.checkOfPartition().map { [$0] } ?? [] }
            return
        }
        archiveID = try fields.archiveID.required("archive_id")
        guard archiveID.isLowerHexadecimal(32) else {
            throw .invalid(key: "archive_id", reason: "is not 32 lower-case hex digits")
        }
        syncedTo = try fields.syncedTo.timestampIfAny("synced_to")
        if let date = fields.completeThrough { completeThrough = try Optional(date).date("complete_through") }
        checked = try fields.checked.map { entry throws(ManifestError) in try entry.value() }
        holds = try fields.holds.map { entry throws(ManifestError) in try entry.value() }
        pruned = try fields.pruned.map { entry throws(ManifestError) in try entry.value() }
        do {
            evidence = try fields.evidence.map { members throws(OperationError) in try EvidenceHead(members) }
        } catch {
            throw .invalid(key: ManifestSeal.evidenceKey, reason: error.reason)
        }
        guard (evidence == nil) == (digestAboveEvidence == nil) else {
            throw .invalid(key: ManifestSeal.evidenceKey, reason: "is not on a line of its own before the checksum's")
        }
    }
}
