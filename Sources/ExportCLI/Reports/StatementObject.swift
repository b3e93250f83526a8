import AuditArchive
import AuditReport
import CivilTime

/// A statement as one JSON object, a member a line.
struct StatementObject {
    private let statement: Statement

    /// The object of a statement.
    init(_ statement: Statement) {
        self.statement = statement
    }

    /// The object with an end of line.
    var text: String {
        var object = JSONObjectText()
        object.add("format", "captivateiq-audit-statement")
        object.add("format_version", 1)
        object.add("conclusion", statement.conclusion.rawValue)
        object.add("proven", isTrue: statement.conclusion != .notProven)
        object.add("reasons", objects: statement.reasons.map(\.object))
        object.add("made_at", statement.settings.madeAt.description)
        object.add("made_by", statement.settings.madeBy)
        object.add("organization", json: statement.state.organization?.object.text ?? "null")
        object.add("period", json: statement.settings.period.object.text)
        object.add("population", json: population)
        object.add("source", json: source)
        object.add("completeness", json: completeness)
        object.add("accuracy", json: accuracy)
        object.add("exceptions", json: StatementExceptionsObject(statement.exceptions).text)
        object.add("not_covered", list: StatementWords(statement).limits)
        object.add("archive", json: archive)
        object.add("evidence", json: evidence)
        object.add("files", objects: statement.files.map(\.object))
        return object.lines
    }

    private var population: String {
        let population = statement.population
        var object = JSONObjectText()
        object.add("file", StatementFiles.population)
        object.add("sha256", population.digest.sha256.hexadecimal)
        object.add("size", population.digest.size)
        object.add("uncompressed_size", population.digest.uncompressedSize)
        object.add("events", population.digest.records)
        object.add("first_event_timestamp", population.first?.description)
        object.add("last_event_timestamp", population.last?.description)
        object.add("archive_files", statement.files.count)
        object.add("archive_bytes", statement.files.reduce(0) { $0 + $1.size })
        return object.text
    }

    private var source: String {
        let source = statement.source
        var object = JSONObjectText()
        object.add("hosts", list: source.hosts)
        object.add("request", statement.settings.request)
        object.add("start_timestamp", statement.state.startTimestamp.description)
        object.add("lookback_seconds", seconds: statement.settings.lookback)
        object.add("asked", json: source.asked?.object.text ?? "null")
        object.add("collected_from", source.from?.description)
        object.add("collected_to", source.to?.description)
        object.add("files", source.files)
        object.add("adopted", source.adopted)
        object.add("writers", list: source.writers)
        return object.text
    }

    private var completeness: String {
        var object = JSONObjectText()
        object.add("api", statement.settings.checks == nil ? "recorded" : "asked")
        object.add("days", objects: statement.days.map(\.object))
        return object.text
    }

    private var accuracy: String {
        let found = statement.verification
        var object = JSONObjectText()
        object.add("verified_at", statement.settings.madeAt.description)
        object.add("generation", found.generation)
        object.add("files", found.files)
        object.add("events", found.records)
        object.add("bytes", found.size)
        object.add("faults", objects: found.faults.map(\.object))
        object.add("public_key", statement.settings.trust.publicKey?.fingerprint)
        object.add("anchors", list: statement.settings.trust.anchors.map(\.name))
        return object.text
    }

    private var archive: String {
        var object = JSONObjectText()
        object.add("archive_id", statement.state.archiveID)
        object.add("path", statement.settings.archive)
        object.add("generation", statement.state.generation)
        object.add("written_at", statement.state.writtenAt.description)
        object.add("sha256_above", statement.state.digest)
        return object.text
    }

    private var evidence: String {
        let found = statement.verification.evidence
        guard let entries = found.entries else { return "null" }
        var object = JSONObjectText()
        object.add("entries", entries)
        object.add("root", found.root?.hexadecimal)
        object.add("signed_entries", found.signedEntries)
        object.add("fingerprint", found.fingerprint)
        object.add("checkpoint", statement.evidence?.checkpoint.map { String(decoding: $0.encoded, as: UTF8.self) })
        object.add("anchors", objects: (statement.evidence?.anchors ?? []).map(\.object))
        return object.text
    }
}

extension Statement.Reason {
    /// `{"kind": …, "text": …}`.
    var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("kind", kind)
        object.add("text", text)
        return object
    }
}

extension StatementDay {
    fileprivate var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("date", date.description)
        object.add("events", events)
        object.add("api_count", apiCount)
        object.add("state", state.rawValue)
        object.add("proven", isTrue: isProven)
        guard let run else {
            object.add("compared", json: "null")
            return object
        }
        var compared = JSONObjectText()
        compared.add("from", run.from.description)
        compared.add("to", run.to.description)
        compared.add("checked_at", run.checkedAt.description)
        compared.add("api_count", run.apiCount)
        compared.add("archive_count", run.archiveCount)
        compared.add("source", isAskedNow ? "asked" : "recorded")
        if let difference = run.difference { compared.add("difference", difference) }
        if let gone = run.goneAtVendor { compared.add("gone_at_vendor", gone) }
        if let unexplained = run.unexplained { compared.add("unexplained", unexplained) }
        object.add("compared", json: compared.text)
        return object
    }
}

extension EvidenceAnchor {
    fileprivate var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("path", path)
        object.add("entries", entries)
        object.add("made_at", madeAt?.description)
        object.add("time_stamp", isTrue: isTimeStamped)
        object.add("cosignatures", cosignatures)
        return object
    }
}

extension DataFile {
    fileprivate var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("path", name.path)
        object.add("sha256", sha256.hexadecimal)
        object.add("size", size)
        object.add("records", records)
        return object
    }
}
