import JSONText

/// The members of the manifest as they are read, before they are judged.
struct ManifestFields {
    private var current: String?
    private var format, stream: String?
    private var formatVersion: Int?
    private let listOfFiles: Int?
    private(set) var writer, archiveID: String?
    private(set) var generation: Int?
    private(set) var writtenAt, startTimestamp, lastEventTimestamp, syncedTo, completeThrough: String?
    private(set) var organization, totals: ManifestEntry?
    private(set) var seen: Set<String> = []
    private(set) var pending: [ManifestEntry] = []
    private(set) var checked: [ManifestEntry] = []
    private(set) var holds: [ManifestEntry] = []
    private(set) var pruned: [ManifestEntry] = []
    private(set) var partitions, files: [ManifestEntry]?
    private(set) var quarantine: [ManifestEntry] = []
    private(set) var evidence: EvidenceMembers?
    private(set) var unknown: [UnknownMember] = []
    private let bytes: [UInt8]

    /// Whether the list of files is the one that began at the place given.
    private(set) var hasListOfFiles = false

    /// Reads a manifest's text. A list of files that begins at `listOfFiles` was read before.
    init(_ bytes: [UInt8], listOfFiles: Int?) throws(ManifestError) {
        self.listOfFiles = listOfFiles
        self.bytes = bytes
        do {
            var reader = JSONReader(bytes)
            try read(&reader)
            try reader.finish()
        } catch {
            // A wrong type where a key is known also ends here; the key makes the message useful.
            if let key = current { throw .invalid(key: key, reason: "cannot be read: \(error)") }
            throw .notJSON(error)
        }
    }

    /// The version of the format, if it is this format and a version that is known.
    func checkedVersion() throws(ManifestError) -> Int {
        guard try format.required("format") == Manifest.format else {
            throw .invalid(key: "format", reason: "is not \(Manifest.format)")
        }
        let version = try formatVersion.required("format_version")
        guard (1...Manifest.newestFormatVersion).contains(version) else { throw .unknownVersion(version) }
        guard try stream.required("stream") == Manifest.stream else {
            throw .invalid(key: "stream", reason: "is not \(Manifest.stream)")
        }
        return version
    }

    /// Some may be null or empty, but a manifest that lost one of them was altered.
    func checkPresence(_ version: Int) throws(ManifestError) {
        var keys = ["organization", "last_event_timestamp"]
        if version > 1 {
            keys += ["synced_to", "complete_through", "pending", "checked", "holds", "pruned", "quarantine"]
        }
        for key in keys where !seen.contains(key) { throw .invalid(key: key, reason: "is missing") }
    }

    private mutating func read(_ reader: inout JSONReader) throws(JSONTextError) {
        try reader.readObject { (reader, key) throws(JSONTextError) in
            current = key
            seen.insert(key)
            try member(key, &reader)
            current = nil
        }
    }

    private mutating func member(_ key: String, _ reader: inout JSONReader) throws(JSONTextError) {
        switch key {
        case "format": format = try reader.readString()
        case "archive_id": archiveID = try reader.readString()
        case "format_version": formatVersion = try reader.readInteger()
        case "stream": stream = try reader.readString()
        case "generation": generation = try reader.readInteger()
        case "written_at": writtenAt = try reader.readString()
        case "writer": writer = try reader.readString()
        case "organization": organization = try reader.readNull() ? nil : ManifestEntry(&reader, in: key)
        case "start_timestamp": startTimestamp = try reader.readString()
        case "last_event_timestamp": lastEventTimestamp = try reader.readNull() ? nil : reader.readString()
        case "synced_to": syncedTo = try reader.readNull() ? nil : reader.readString()
        case "complete_through": completeThrough = try reader.readNull() ? nil : reader.readString()
        case "totals": totals = try ManifestEntry(&reader, in: key)
        case "pending": pending = try ManifestEntry.list(&reader, in: key)
        case "checked": checked = try ManifestEntry.list(&reader, in: key)
        case "holds": holds = try ManifestEntry.list(&reader, in: key)
        case "pruned": pruned = try ManifestEntry.list(&reader, in: key)
        case "partitions": partitions = try ManifestEntry.list(&reader, in: key)
        case "files":
            hasListOfFiles = reader.offset == listOfFiles
            files = try ManifestEntry.list(&reader, in: key)
        case "quarantine": quarantine = try ManifestEntry.list(&reader, in: key)
        case ManifestSeal.evidenceKey: evidence = try EvidenceMembers(&reader, of: bytes[...])
        case ManifestSeal.key: try reader.skipValue()
        default: unknown.append(try UnknownMember(&reader, key: key, of: bytes))
        }
    }
}
