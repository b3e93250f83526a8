import AuditReport

/// What `report` made, for people and for machines.
struct ReportSummary: Sendable {
    private let result: ArchiveReport.Result
    private let path: String

    /// The summary of a report in the file `path`.
    init(_ result: ArchiveReport.Result, path: String) {
        self.result = result
        self.path = path
    }

    /// Where it is, and what it is of.
    var text: String {
        "Wrote \(TerminalText.oneLine(path)) (\(Units.bytes(result.bytes.count))): \(Units.count(result.events, "event")), "
            + "generation \(result.generation).\n\(result.completeness.note)\n"
    }

    /// One JSON object with an end of line.
    var json: String {
        var object = JSONObjectText()
        object.add("outcome", "ok")
        object.add("output", path)
        object.add("bytes", result.bytes.count)
        object.add("events", result.events)
        object.add("generation", result.generation)
        object.add("complete", isTrue: result.completeness.isComplete)
        object.add("note", result.completeness.note)
        return object.text + "\n"
    }

    /// The object of an archive that does not pass.
    static func json(_ failure: Failure) -> String { failure.json }
}
