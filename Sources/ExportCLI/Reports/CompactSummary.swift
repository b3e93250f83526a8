import AuditArchive

/// The result of a compaction, for people and for machines.
struct CompactSummary: Sendable {
    private let report: CompactionReport
    private let stop: StopReason?
    private let archive: String
    private let duration: Duration

    /// The summary of a compaction. `stop`: why it was stopped from outside, if it was.
    init(_ report: CompactionReport, stop: StopReason?, archive: String, duration: Duration) {
        self.report = report
        self.stop = stop
        self.archive = archive
        self.duration = duration
    }

    /// Why it did not reach its end; nil if it did.
    var failure: Failure? {
        guard report.isStopped, let stop else { return nil }
        return Failure(
            stop.status, stop.summary, at: archive,
            hints: ["The days that were merged are committed; the next run goes on with the rest."])
    }

    /// What a person has to know: the file system cannot do it.
    var warning: String? {
        report.obstacle.map {
            "\(Units.count(report.left, "day")) \(report.left == 1 ? "keeps its" : "keep their") files: \($0)"
        }
    }

    /// What was merged, and what that saved.
    var text: String {
        guard report.dates > 0 else {
            return report.obstacle == nil && !report.isStopped
                ? "Nothing to merge: no closed day has several files.\n" : "Nothing was merged.\n"
        }
        let saved = max(0, report.bytesBefore - report.bytesAfter)
        let lines = [
            "Merged \(Units.count(report.filesBefore, "file")) of \(Units.count(report.dates, "day")) into "
                + "\(Units.count(report.filesAfter)), in \(Units.duration(duration)).",
            "  events         \(Units.count(report.records)), unchanged",
            "  bytes          \(Units.bytes(report.bytesBefore)), now \(Units.bytes(report.bytesAfter)) (\(Units.bytes(saved)) less)",
            "  generation     \(report.generation)"
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    /// One JSON object with an end of line.
    var json: String {
        var object = JSONObjectText()
        object.add("outcome", outcome)
        object.add("days", report.dates)
        object.add("days_left", report.left)
        object.add("events", report.records)
        object.add("files_before", report.filesBefore)
        object.add("files_after", report.filesAfter)
        object.add("bytes_before", report.bytesBefore)
        object.add("bytes_after", report.bytesAfter)
        object.add("commits", report.commits)
        object.add("duration_seconds", seconds: duration)
        object.add("generation", report.generation)
        object.add("warnings", list: [warning].compactMap(\.self))
        object.add("error", json: failure?.object.text ?? "null")
        return object.text + "\n"
    }

    private var outcome: String {
        if report.obstacle != nil { return "unsupported" }
        return report.isStopped ? "interrupted" : "ok"
    }
}

extension CompactionAdvice {
    /// What is recommended, and why.
    var text: String {
        "there are \(Units.count(files)) files, which every sync and query has to read about: `captivateiq-export compact` makes "
            + "\(Units.count(filesAfterwards)) of them, and `compact: closed` has sync do it"
    }
}
