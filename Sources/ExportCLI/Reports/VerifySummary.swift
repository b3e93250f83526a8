import AuditArchive

/// The result of a verification, for people and for machines.
struct VerifySummary: Sendable {
    private let verification: Verification
    private let archive: String

    /// The summary of a verification of the archive in the folder `archive`.
    init(_ verification: Verification, archive: String) {
        self.verification = verification
        self.archive = archive
    }

    /// Why the archive does not pass; nil if it does.
    var failure: Failure? {
        guard !verification.faults.isEmpty else { return nil }
        return Failure(
            .damaged, "the archive has \(Units.count(verification.faults.count, "fault"))", at: archive,
            hints: ["Nothing was changed. Restore the files that are named from a copy, then verify again."])
    }

    /// A line for each fault, then what was checked.
    var text: String {
        let faults = verification.faults.map { "\($0)\n" }.joined()
        let checked =
            "\(Units.count(verification.files, "file")), \(Units.count(verification.records, "event")), "
            + "\(Units.bytes(verification.size))"
        let verdict = verification.faults.isEmpty ? "Sound" : Units.count(verification.faults.count, "fault")
        return faults + "\(verdict): \(checked), generation \(verification.generation)\(quarantine).\n"
    }

    /// One JSON object with an end of line.
    var json: String {
        var object = JSONObjectText()
        object.add("outcome", verification.faults.isEmpty ? "ok" : "damaged")
        object.add("generation", verification.generation)
        object.add("files", verification.files)
        object.add("events", verification.records)
        object.add("bytes", verification.size)
        object.add("uncompressed_bytes", verification.uncompressedSize)
        object.add("quarantine_files", verification.quarantineFiles)
        object.add("quarantined", verification.quarantinedRecords)
        object.add("faults", objects: verification.faults.map(\.object))
        object.add(error: failure)
        return object.text + "\n"
    }

    private var quarantine: String {
        guard verification.quarantineFiles > 0 else { return "" }
        let records = Units.count(verification.quarantinedRecords, "record")
        return ", quarantine of \(records) in \(Units.count(verification.quarantineFiles, "file"))"
    }
}
