import AuditSync
import CivilTime

/// The result of a sync, for people and for machines.
struct SyncSummary: Sendable {
    private let report: SyncReport
    private let failure: Failure?

    /// The summary of a run that did what `report` says.
    init(_ report: SyncReport, failure: Failure? = nil) {
        self.report = report
        self.failure = failure
    }

    /// The summary of a run that ended before it could do anything.
    init(_ failure: Failure) {
        var report = SyncReport()
        report.outcome = failure.status == .stopped ? .stopped : .failed
        self.init(report, failure: failure)
    }

    /// One JSON object with an end of line; a failure adds `error`. Keys are only ever added.
    var json: String {
        var object = JSONObjectText()
        object.add("outcome", report.outcome.rawValue)
        object.add("events", report.events)
        object.add("duplicates", report.duplicates)
        object.add("quarantined", report.quarantined)
        object.add("files", report.files)
        object.add("bytes", report.bytes)
        object.add("requests", report.requests)
        object.add("retries", report.retries)
        object.add("waited_seconds", seconds: report.waited)
        object.add("last_event_timestamp", report.lastEventTimestamp?.description)
        object.add("complete_through", report.completeThrough?.description)
        object.add("duration_seconds", seconds: report.duration)
        object.add("generation", report.generation)
        object.add("warnings", list: report.warnings)
        object.add(error: failure)
        return object.text + "\n"
    }

    /// A headline and a line for each figure that is not zero. Nil if the run failed and archived nothing.
    var text: String? {
        guard failure == nil || report.files > 0 else { return nil }
        var lines = [headline]
        if let newest = report.lastEventTimestamp { lines.append(line("newest event", Units.moment(newest))) }
        lines.append(line("requests", requests))
        if report.duplicates > 0 { lines.append(line("known already", Units.count(report.duplicates, "record"))) }
        if report.quarantined > 0 { lines.append(line("quarantined", Units.count(report.quarantined, "record"))) }
        if report.generation > 0 { lines.append(line("generation", "\(report.generation)")) }
        return lines.joined(separator: "\n") + "\n"
    }

    private var headline: String {
        let time = "in \(Units.duration(report.duration))"
        guard report.events > 0 else { return "No new events, \(time)." }
        let files = "\(Units.count(report.files, "file")), \(Units.bytes(report.bytes))"
        return "Archived \(Units.count(report.events, "new event")) (\(files)) \(time)."
    }

    private var requests: String {
        var text = Units.count(report.requests)
        if report.retries > 0 { text += ", \(Units.count(report.retries)) of them again after a fault" }
        if report.waited >= .milliseconds(100) { text += ", waited \(Units.duration(report.waited))" }
        return text
    }

    private func line(_ name: String, _ value: String) -> String {
        "  \(name)\(String(repeating: " ", count: max(1, 15 - name.count)))\(value)"
    }
}
