import JSONText

extension Manifest {
    /// The text of `manifest.json`: fixed key order and one entry a line, so that `grep`, `diff` and rsync's delta work
    /// well on it.
    package func encoded() -> [UInt8] {
        var text = "{\n"
        func member(_ key: String, _ value: String) { text += "  \"\(key)\": \(value),\n" }
        member("format", JSONOutput.quoted(Self.format))
        member("format_version", String(Self.formatVersion))
        member("stream", JSONOutput.quoted(Self.stream))
        member("generation", String(generation))
        member("written_at", quoted(writtenAt))
        member("writer", JSONOutput.quoted(writer))
        member("organization", organization?.encoded ?? "null")
        member("start_timestamp", quoted(startTimestamp))
        member("last_event_timestamp", lastEventTimestamp.map(quoted) ?? "null")
        member("totals", totals.encoded)
        if !pending.isEmpty { member("pending", list(pending.ranges.map(\.encoded))) }
        if !quarantine.isEmpty { member("quarantine", list(quarantine.map(\.encoded))) }
        member("partitions", list(partitions.map(\.encoded)))
        text += "  \"files\": \(list(files.map(\.encoded)))\n}\n"
        return Array(text.utf8)
    }

    static let format = "captivateiq-audit-archive"
    static let formatVersion = 1
    static let stream = "audit_logs"
}

private func quoted(_ timestamp: Timestamp) -> String { "\"\(timestamp)\"" }

private func list(_ entries: [String]) -> String {
    entries.isEmpty ? "[]" : "[\n    " + entries.joined(separator: ",\n    ") + "\n  ]"
}

extension ArchiveOrganization {
    fileprivate var encoded: String { "{\"id\": \(JSONOutput.quoted(id)), \"name\": \(JSONOutput.quoted(name))}" }
}

extension Manifest.Totals {
    fileprivate var encoded: String {
        "{\"files\": \(files), \"records\": \(records), \"size\": \(size), \"uncompressed_size\": \(uncompressedSize)}"
    }
}

extension TimeRange {
    fileprivate var encoded: String { "{\"from\": \(quoted(from)), \"to\": \(quoted(to))}" }
}

extension Partition {
    fileprivate var encoded: String {
        var text = "{\"date\": \"\(date)\", \"state\": \"\(state.rawValue)\", \"records\": \(records)"
        if let apiCount { text += ", \"api_count\": \(apiCount)" }
        if let checkedAt { text += ", \"checked_at\": \(quoted(checkedAt))" }
        return text + "}"
    }
}

extension DataFile {
    fileprivate var encoded: String {
        """
        {"path": "\(name.path)", "date": "\(name.date)", "generation": \(name.generation), "sha256": "\(sha256)", \
        "size": \(size), "uncompressed_size": \(uncompressedSize), "records": \(records), \
        "first_event_timestamp": \(quoted(firstEventTimestamp)), "last_event_timestamp": \(quoted(lastEventTimestamp))}
        """
    }
}

extension QuarantineFile {
    fileprivate var encoded: String {
        """
        {"path": "\(name.path)", "generation": \(name.generation), "sha256": "\(sha256)", "size": \(size), \
        "uncompressed_size": \(uncompressedSize), "records": \(records)}
        """
    }
}
