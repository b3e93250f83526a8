import AuditArchive
import AuditReport
import CivilTime

/// How an archive is, for machines.
struct StatusObject: Sendable {
    let report: StatusReport
    let lastFailure: LastFailure?
    let archive: String
    /// What a person should look at.
    let lookAt: [String]
    /// How many of the last days are listed.
    let dayCount: Int
    /// Why the archive cannot be used as it is; nil if it can.
    let failure: Failure?

    /// One JSON object with an end of line. Keys are only ever added.
    var text: String {
        var object = JSONObjectText()
        let manifest = report.manifest
        object.add("verdict", report.verdict.rawValue)
        object.add("archive", archive)
        object.add("organization", json: manifest.organization?.object.text ?? "null")
        object.add("generation", manifest.generation)
        object.add("written_at", manifest.writtenAt.description)
        object.add("start_timestamp", manifest.startTimestamp.description)
        object.add("last_event_timestamp", manifest.lastEventTimestamp?.description)
        object.add("age_seconds", seconds: report.eventAge)
        object.add("complete_through", manifest.completeThrough?.description)
        addRuns(to: &object)
        addDays(to: &object)
        let totals = manifest.totals
        object.add("files", totals.files)
        object.add("events", totals.records)
        object.add("bytes", totals.size)
        object.add("uncompressed_bytes", totals.uncompressedSize)
        object.add("quarantined", report.quarantined)
        object.add("changed_by_vendor", report.quarantine?.changed)
        object.add("backlog_seconds", seconds: report.backlogDuration)
        object.add("backlog", objects: report.backlog.ranges.map(\.object))
        object.add("pending", objects: manifest.pending.ranges.map(\.object))
        object.add("open_partitions", list: manifest.partitions.filter { $0.state == .open }.map(\.date.description))
        object.add("look_at", list: lookAt)
        object.add("faults", objects: report.faults.map(\.object))
        object.add("days", objects: report.days(last: dayCount).map(\.object))
        object.add(error: failure)
        return object.text + "\n"
    }

    private func addRuns(to object: inout JSONObjectText) {
        let freshness = report.surroundings.freshness
        object.add("last_success_at", freshness?.lastSuccessAt?.description)
        object.add("last_success_age_seconds", seconds: report.successAge)
        object.add("max_age_seconds", seconds: report.surroundings.maximumAge)
        object.add("failures_in_a_row", report.failuresInARow)
        object.add("last_run", json: freshness?.lastRun?.object.text ?? "null")
        object.add("last_failure", json: lastFailure?.object.text ?? "null")
    }

    private func addDays(to object: inout JSONObjectText) {
        object.add("closed_days", report.proof.closedDays)
        object.add("proven_days", report.proof.provenDays)
        object.add("proven_empty_days", report.proof.emptyDays)
        object.add("differing_days", objects: report.proof.differing.map(\.object))
        object.add("gone_at_vendor", report.proof.goneAtVendor)
        object.add("unexplained", report.proof.unexplained)
    }
}

extension Freshness.Run {
    fileprivate var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("command", command)
        object.add("started_at", startedAt.description)
        object.add("ended_at", endedAt.description)
        object.add("outcome", outcome)
        object.add("exit_code", exitCode)
        object.add("events", events)
        object.add("failures_in_a_row", failuresInARow)
        return object
    }
}

extension LastFailure {
    fileprivate var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("at", at.description)
        object.add("exit_code", exitCode)
        object.add("kind", kind)
        object.add("message", message)
        return object
    }
}

extension DayStatus {
    fileprivate var object: JSONObjectText {
        var object = JSONObjectText()
        object.add("date", date.description)
        object.add("events", records)
        object.add("state", state?.rawValue)
        object.add("coverage", coverage.rawValue)
        object.add("proven", isTrue: isProven)
        return object
    }
}
