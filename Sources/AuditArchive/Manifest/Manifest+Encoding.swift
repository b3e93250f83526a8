import CivilTime
import Crypto
import JSONText

extension Manifest {
    /// The text of `manifest.json`: fixed key order and one entry a line, so that `grep`, `diff` and rsync's delta work
    /// well on it. It is of the newest version of the format, whatever the manifest was read from.
    package func encoded() -> [UInt8] {
        var text = textAboveEvidence
        if let evidence { text += ManifestSeal.line(evidence).utf8 }
        _ = ManifestSeal.seal(&text)
        return text
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
        let hashed = text.count
        var hash = SHA256()
        text.withUnsafeBytes { hash.update(bufferPointer: $0) }
        let above = TreeHash(hash.finalize())
        evidence = try record(above)
        digestAboveEvidence = evidence == nil ? nil : above
        if let evidence { text += ManifestSeal.line(evidence).utf8 }
        digest = ManifestSeal.seal(&text, after: hash, hashed: hashed)
        formatVersion = Self.newestFormatVersion
        return text
    }

    private var textAboveEvidence: [UInt8] {
        var text = Array("{\n".utf8)
        text.reserveCapacity(4_096 + partitions.count * 80 + files.count * DataFile.usualLength)
        func member(_ key: String, _ value: String) { text += "  \"\(key)\": \(value),\n".utf8 }
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
        appendFiles(to: &text)
        member("quarantine", list(quarantine.map(\.encoded)))
        for other in unknown { text += "  \(other.encoded),\n".utf8 }
        return text
    }

    /// Byte by byte: strings of the many thousands of lines of a large archive would take a commit's time.
    private func appendFiles(to text: inout [UInt8]) {
        guard !files.isEmpty else { return text += "  \"files\": [],\n".utf8 }
        text += "  \"files\": [\n".utf8
        for index in files.indices {
            if index > 0 { text += ",\n".utf8 }
            text += "    ".utf8
            files[index].append(to: &text)
        }
        text += "\n  ],\n".utf8
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
    /// About as long is the line of a file.
    fileprivate static let usualLength = 400

    fileprivate func append(to text: inout [UInt8]) {
        text += "{\"path\": \"audit_logs/date=".utf8
        name.date.append(to: &text)
        text.append(UInt8(ascii: "/"))
        name.appendFileName(to: &text)
        text += "\", \"date\": \"".utf8
        name.date.append(to: &text)
        text += "\", \"generation\": ".utf8
        text.append(name.generation)
        text += ", \"sha256\": \"".utf8
        sha256.append(to: &text)
        text += "\", \"size\": ".utf8
        text.append(size)
        text += ", \"uncompressed_size\": ".utf8
        text.append(uncompressedSize)
        text += ", \"records\": ".utf8
        text.append(records)
        text += ", \"first_event_timestamp\": \"".utf8
        firstEventTimestamp.append(to: &text)
        text += "\", \"last_event_timestamp\": \"".utf8
        lastEventTimestamp.append(to: &text)
        text.append(UInt8(ascii: "\""))
        if let archivedAt {
            text += ", \"archived_at\": \"".utf8
            archivedAt.append(to: &text)
            text.append(UInt8(ascii: "\""))
        }
        if let replaces {
            text += ", \"replaces\": ".utf8
            text.append(replaces)
        }
        text.append(UInt8(ascii: "}"))
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
