package import JSONText

/// Why bytes are not a manifest that this program can work with.
package enum ManifestError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not JSON, and where.
    case notJSON(JSONTextError)
    /// A key is missing or holds what it must not.
    case invalid(key: String, reason: String)
    /// Written in a later version of the format.
    case unknownVersion(Int)

    package var description: String {
        switch self {
        case .notJSON(let error): "it is not readable as JSON: \(error)"
        case .invalid(let key, let reason): "`\(key)` \(reason)"
        case .unknownVersion(let version):
            "it has format version \(version), and this program knows version \(Manifest.formatVersion)"
        }
    }
}

extension Manifest {
    /// Reads `manifest.json`. Unknown keys are passed over; what is known must be whole and agree with itself.
    package init(decoding bytes: [UInt8]) throws(ManifestError) {
        var totals = Totals()
        try self.init(decoding: bytes, statedTotals: &totals)
    }

    /// Reads `manifest.json`, and the totals as it states them, which only `verify` compares with the files.
    package init(decoding bytes: [UInt8], statedTotals: inout Totals) throws(ManifestError) {
        var fields = ManifestFields()
        do {
            var reader = JSONReader(bytes)
            try fields.read(&reader)
            try reader.finish()
        } catch {
            // A wrong type where a key is known also ends here; the key makes the message useful.
            if let key = fields.current { throw .invalid(key: key, reason: "cannot be read: \(error)") }
            throw .notJSON(error)
        }
        guard try fields.format.required("format") == Self.format else {
            throw .invalid(key: "format", reason: "is not \(Self.format)")
        }
        let version = try fields.formatVersion.required("format_version")
        guard version == Self.formatVersion else { throw .unknownVersion(version) }
        guard try fields.stream.required("stream") == Self.stream else {
            throw .invalid(key: "stream", reason: "is not \(Self.stream)")
        }
        self.init(
            generation: try fields.generation.required("generation"),
            writtenAt: try fields.writtenAt.timestamp("written_at"),
            writer: try fields.writer.required("writer"),
            startTimestamp: try fields.startTimestamp.timestamp("start_timestamp"))
        // Both may be null, but a manifest that lost one of them was altered.
        for key in ["organization", "last_event_timestamp"] where !fields.seen.contains(key) {
            throw .invalid(key: key, reason: "is missing")
        }
        organization = try fields.organization?.value()
        if let last = fields.lastEventTimestamp {
            lastEventTimestamp = try Optional(last).timestamp("last_event_timestamp")
        }
        pending = TimeRanges(try fields.pending.map { range throws(ManifestError) in try range.value() })
        partitions = try fields.partitions.required("partitions").map { entry throws(ManifestError) in try entry.value()
        }
        files = try fields.files.required("files").map { entry throws(ManifestError) in try entry.value() }
        quarantine = try fields.quarantine.map { entry throws(ManifestError) in try entry.value() }
        statedTotals = try fields.totals.required("totals").value()
        try check()
    }
}

/// The members of the manifest as they are read, before they are judged.
private struct ManifestFields {
    var current: String?
    var format, stream, writer: String?
    var formatVersion, generation: Int?
    var writtenAt, startTimestamp, lastEventTimestamp: String?
    var organization, totals: RawEntry?
    var seen: Set<String> = []
    var pending: [RawEntry] = []
    var partitions, files: [RawEntry]?
    var quarantine: [RawEntry] = []

    mutating func read(_ reader: inout JSONReader) throws(JSONTextError) {
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
        case "format_version": formatVersion = try reader.readInteger()
        case "stream": stream = try reader.readString()
        case "generation": generation = try reader.readInteger()
        case "written_at": writtenAt = try reader.readString()
        case "writer": writer = try reader.readString()
        case "organization": organization = try reader.readNull() ? nil : RawEntry(&reader, in: key)
        case "start_timestamp": startTimestamp = try reader.readString()
        case "last_event_timestamp": lastEventTimestamp = try reader.readNull() ? nil : reader.readString()
        case "totals": totals = try RawEntry(&reader, in: key)
        case "pending": pending = try RawEntry.list(&reader, in: key)
        case "partitions": partitions = try RawEntry.list(&reader, in: key)
        case "files": files = try RawEntry.list(&reader, in: key)
        case "quarantine": quarantine = try RawEntry.list(&reader, in: key)
        default: try reader.skipValue()
        }
    }
}
