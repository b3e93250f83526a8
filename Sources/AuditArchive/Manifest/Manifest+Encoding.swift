import CivilTime
import JSONText

extension Manifest {
    /// The text of `manifest.json`: fixed key order and one entry a line, so that `grep`, `diff` and rsync's delta work
    /// well on it. It is of the newest version of the format, whatever the manifest was read from.
    package func encoded() -> [UInt8] {
        ManifestSeal.sealed(textAboveEvidence + (evidence.map(ManifestSeal.line) ?? "")).bytes
    }

    /// The text of `manifest.json`; from now on the manifest is what that text will be read as.
    mutating func seal() -> [UInt8] {
        let head = evidence
        return seal { _ in head }
    }

    /// The text of `manifest.json` with the head of the log that `record` makes, which is told the digest of all that
    /// stands above it.
    mutating func seal<Failure: Error>(
        _ record: (_ above: TreeHash) throws(Failure) -> EvidenceHead?
    ) throws(Failure) -> [UInt8] {
        var text = textAboveEvidence
        let above = TreeHash.plain(text)
        evidence = try record(above)
        digestAboveEvidence = evidence == nil ? nil : above
        if let evidence { text += ManifestSeal.line(evidence) }
        let (bytes, digest) = ManifestSeal.sealed(text)
        self.digest = digest
        formatVersion = Self.newestFormatVersion
        return bytes
    }

    private var textAboveEvidence: String {
        var text = "{\n"
        func member(_ key: String, _ value: String) { text += "  \"\(key)\": \(value),\n" }
        member("format", JSONOutput.quoted(Self.format))
        member("format_version", String(Self.newestFormatVersion))
        member("archive_id", JSONOutput.quoted(archiveID))
        member("stream", JSONOutput.quoted(Self.stream))
        member("generation", String(generation))
        member("written_at", quoted(writtenAt))
        member("writer", JSONOutput.quoted(writer))
        member("organization", organization?.encoded ?? "null")
        member("start_timestamp", quoted(startTimestamp))
        member("last_event_timestamp", lastEventTimestamp.map(quoted) ?? "null")
        member("synced_to", syncedTo.map(quoted) ?? "null")
        member("complete_through", completeThrough.map { "\"\($0)\"" } ?? "null")
        member("totals", totals.encoded)
        member("pending", list(pending.ranges.map(\.encoded)))
        member("checked", list(checked.map(\.encoded)))
        member("holds", list(holds.map(\.encoded)))
        member("pruned", list(pruned.map(\.encoded)))
        member("partitions", list(partitions.map(\.encoded)))
        member("files", list(files.map(\.encoded)))
        member("quarantine", list(quarantine.map(\.encoded)))
        for other in unknown { text += "  \(other.encoded),\n" }
        return text
    }

    static let format = "captivateiq-audit-archive"
    static let newestFormatVersion = 2
    static let stream = "audit_logs"
}

private func quoted(_ timestamp: Timestamp) -> String { "\"\(timestamp)\"" }

private func list(_ entries: [String]) -> String {
    entries.isEmpty ? "[]" : "[\n    " + entries.joined(separator: ",\n    ") + "\n  ]"
}

extension ArchiveOrganization {
    var encoded: String { "{\"id\": \(JSONOutput.quoted(id)), \"name\": \(JSONOutput.quoted(name))}" }
}

extension Manifest.Totals {
    fileprivate var encoded: String {
        "{\"files\": \(files), \"records\": \(records), \"size\": \(size), \"uncompressed_size\": \(uncompressedSize)}"
    }
}

extension Range<Timestamp> {
    var encoded: String { "{\"from\": \(quoted(lowerBound)), \"to\": \(quoted(upperBound))}" }
}

extension CheckedRun {
    var encoded: String {
        var text =
            "{\"from\": \"\(from)\", \"to\": \"\(to)\", \"checked_at\": \(quoted(checkedAt)), "
            + "\"api_count\": \(apiCount), \"archive_count\": \(archiveCount)"
        if let difference { text += ", \"difference\": \(difference)" }
        if let goneAtVendor { text += ", \"gone_at_vendor\": \(goneAtVendor)" }
        if let unexplained { text += ", \"unexplained\": \(unexplained)" }
        return text + "}"
    }
}

extension Hold {
    var encoded: String {
        "{\"name\": \(JSONOutput.quoted(name)), \"from\": \"\(from)\", \"to\": \"\(to)\", "
            + "\"reason\": \(JSONOutput.quoted(reason))}"
    }
}

extension PrunedRun {
    var encoded: String {
        "{\"from\": \"\(from)\", \"to\": \"\(to)\", \"records\": \(records), "
            + "\"pruned_at\": \(quoted(prunedAt)), \"reason\": \(JSONOutput.quoted(reason))}"
    }
}

extension Partition {
    fileprivate var encoded: String {
        "{\"date\": \"\(date)\", \"state\": \"\(state.rawValue)\", \"records\": \(records)}"
    }
}

extension DataFile {
    fileprivate var encoded: String {
        let times = archivedAt.map { ", \"archived_at\": \(quoted($0))" } ?? ""
        return """
            {"path": "\(name.path)", "date": "\(name.date)", "generation": \(name.generation), "sha256": "\(sha256)", \
            "size": \(size), "uncompressed_size": \(uncompressedSize), "records": \(records), \
            "first_event_timestamp": \(quoted(firstEventTimestamp)), "last_event_timestamp": \(quoted(lastEventTimestamp))\
            \(times)\(replaces.map { ", \"replaces\": \($0)" } ?? "")}
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
