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
            .damaged, "the archive has \(badFiles)", at: archive, hints: ["Nothing was changed."] + remedies)
    }

    /// A file with several faults counts once.
    private var badFiles: String { Units.count(verification.badFiles, "bad file") }

    /// What to do, each once, with the first place that it is for.
    private var remedies: [String] {
        var places: [(remedy: String, path: String, count: Int)] = []
        var seen: Set<String> = []
        for fault in verification.faults {
            let remedy = fault.remedy
            if let index = places.firstIndex(where: { $0.remedy == remedy }) {
                if seen.insert("\(index) \(fault.path)").inserted { places[index].count += 1 }
            } else {
                seen.insert("\(places.count) \(fault.path)")
                places.append((remedy, fault.path, 1))
            }
        }
        return places.map { place in
            let more = place.count > 1 ? " and \(Units.count(place.count - 1)) more" : ""
            return "\(place.path)\(more): \(place.remedy)"
        }
    }

    /// A line for each fault and for each note, then what was checked.
    var text: String {
        let faults =
            verification.faults.map { "\($0)\n" }.joined()
            // How much is not signed the last line says.
            + verification.notes.filter { $0.kind != .notSigned }.map { "note: \($0). \($0.remedy)\n" }.joined()
        let checked =
            "\(Units.count(verification.files, "file")), \(Units.count(verification.records, "event")), "
            + "\(Units.bytes(verification.size))"
        let verdict = verification.faults.isEmpty ? "Sound" : "Damaged, \(badFiles)"
        return faults + "\(verdict): \(checked), generation \(verification.generation)\(quarantine).\n"
            + evidence
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
        if let entries = verification.evidence.entries {
            var evidence = JSONObjectText()
            evidence.add("entries", entries)
            evidence.add("signed_entries", verification.evidence.signedEntries)
            evidence.add("unsigned_entries", max(0, entries - verification.evidence.signedEntries))
            evidence.add("root", verification.evidence.root?.hexadecimal)
            evidence.add("fingerprint", verification.evidence.fingerprint)
            object.add("evidence", json: evidence.text)
        } else {
            object.add("evidence", json: "null")
        }
        object.add("quarantine_files", verification.quarantineFiles)
        object.add("quarantined", verification.quarantinedRecords)
        object.add("faults", objects: verification.faults.map(\.object))
        object.add("bad_files", verification.badFiles)
        object.add("notes", objects: verification.notes.map(\.object))
        object.add(error: failure)
        return object.text + "\n"
    }

    /// How much of the evidence is signed, and by whom.
    private var evidence: String {
        guard let entries = verification.evidence.entries else { return "There is no evidence yet.\n" }
        let unsigned = max(0, entries - verification.evidence.signedEntries)
        let text = "Evidence: \(Units.count(entries, "entry", plural: "entries"))"
        guard let fingerprint = verification.evidence.fingerprint else {
            return text + ", \(Units.count(unsigned)) not signed yet.\n"
        }
        return text + (unsigned == 0 ? ", all signed" : ", \(Units.count(unsigned)) not signed yet")
            + " by \(fingerprint).\n"
    }

    private var quarantine: String {
        guard verification.quarantineFiles > 0 else { return "" }
        let records = Units.count(verification.quarantinedRecords, "record")
        return ", quarantine of \(records) in \(Units.count(verification.quarantineFiles, "file"))"
    }
}
